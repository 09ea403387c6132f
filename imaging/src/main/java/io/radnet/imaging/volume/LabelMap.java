package io.radnet.imaging.volume;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;

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

  /**
   * How many voxels have each label in slices [from, to).
   *
   * @return 256 counts
   */
  public int[] counts(int from, int to) {
    int plane = geometry.width() * geometry.height();
    int end = to * plane;
    int[] counts = new int[256];
    int n = from * plane;
    // Eight at a time where they are alike, as most of a mask is.
    for (; n + Long.BYTES <= end; n += Long.BYTES) {
      int label = labels[n] & 0xff;
      if ((long) EIGHT.get(labels, n) == label * ONES) {
        counts[label] += Long.BYTES;
      } else {
        for (int m = n; m < n + Long.BYTES; m++) {
          counts[labels[m] & 0xff]++;
        }
      }
    }
    for (; n < end; n++) {
      counts[labels[n] & 0xff]++;
    }
    return counts;
  }

  /** The volume of one label in millilitres. */
  public double millilitres(int label) {
    return counts(0, geometry.depth())[label] * geometry.voxelMillilitres();
  }

  /** The volume of each label in millilitres, 256 of them. */
  public double[] millilitres() {
    int[] counts = counts(0, geometry.depth());
    double[] volumes = new double[counts.length];
    for (int label = 0; label < counts.length; label++) {
      volumes[label] = counts[label] * geometry.voxelMillilitres();
    }
    return volumes;
  }
}
