package io.radnet.imaging.volume;

import java.util.Map;
import java.util.TreeMap;

/**
 * A mask on a grid: one label in [0, 255] per voxel, 0 is background. Resampled by nearest
 * neighbour only.
 *
 * @param geometry the grid, LPS mm
 * @param labels one unsigned byte per voxel, i fastest; shared, treat as read-only
 * @param names label to name, background left out; may be empty
 */
public record LabelMap(Geometry geometry, byte[] labels, Map<Integer, String> names) {
  /** Checks that grid and labels agree. */
  public LabelMap {
    if (geometry.voxels() != labels.length) {
      throw new IllegalArgumentException(
          "labels: " + labels.length + " (expected: " + geometry.voxels() + ")");
    }
    names = java.util.Collections.unmodifiableMap(new TreeMap<>(names));
  }

  /** The label at column i, row j, slice k. */
  public int label(int i, int j, int k) {
    return labels[(k * geometry.height() + j) * geometry.width() + i] & 0xff;
  }

  /** The volume of one label in millilitres. */
  public double millilitres(int label) {
    long count = 0;
    for (byte value : labels) {
      if ((value & 0xff) == label) {
        count++;
      }
    }
    return count * geometry.voxelMillilitres();
  }
}
