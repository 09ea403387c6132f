package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Geometry;

/**
 * A scan on a model's grid of which only a few neighbouring slices are held. For one thread at a
 * time.
 *
 * @see Preprocessor#slabs
 */
public final class InputSlabs {
  /** Resamples the slices [from, to) into {@code values} from {@code offset} on. */
  @FunctionalInterface
  interface Source {
    void read(float[] values, int offset, int from, int to);
  }

  private final Geometry grid;
  private final int depth;
  private final int plane;
  private final Source source;
  private final float[] values;
  private int first;
  private int end;

  InputSlabs(Geometry grid, int depth, Source source) {
    if (depth < 1 || depth > grid.depth()) {
      throw new IllegalArgumentException(
          "depth: " + depth + " (expected: 1 to " + grid.depth() + ")");
    }
    this.grid = grid;
    this.depth = depth;
    this.plane = Math.multiplyExact(grid.width(), grid.height());
    this.source = source;
    this.values = new float[Math.multiplyExact(depth, plane)];
  }

  /** The whole grid. */
  public Geometry geometry() {
    return grid;
  }

  /**
   * Holds the slices from {@code start} on. Those that were held before stay, the others are
   * resampled.
   *
   * @param start never less than before
   */
  public void moveTo(int start) {
    if (start < first || start + depth > grid.depth()) {
      throw new IllegalArgumentException(
          "slice: " + start + " (expected: " + first + " to " + (grid.depth() - depth) + ")");
    }
    int known = Math.max(0, end - start);
    System.arraycopy(values, (depth - known) * plane, values, 0, known * plane);
    source.read(values, known * plane, start + known, start + depth);
    first = start;
    end = start + depth;
  }

  /**
   * Copies a part of a row of the grid.
   *
   * @param d depth of the row in the grid, one of the slices that are held
   * @param h height of the row
   * @param w where the part begins
   * @param row gets the values, which fill it; in [0, 1]
   */
  public void row(int d, int h, int w, float[] row) {
    if (d < first || d >= end) {
      throw new IllegalArgumentException(
          "slice: " + d + " (expected: " + first + " to " + (end - 1) + ")");
    }
    System.arraycopy(
        values, ((d - first) * grid.height() + h) * grid.width() + w, row, 0, row.length);
  }
}
