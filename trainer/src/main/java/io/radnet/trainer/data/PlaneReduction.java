package io.radnet.trainer.data;

import java.util.List;

/**
 * Halves the in-plane resolution of volumes, or leaves it: each value is the mean of 2 x 2 in its
 * slice. Slices stay apart, since their spacing is a label.
 *
 * @param source depth, height, width; height and width are even where {@code halved}
 * @param halved whether to reduce at all
 */
public record PlaneReduction(List<Integer> source, boolean halved) {
  /** Copies the list. */
  public PlaneReduction {
    source = List.copyOf(source);
    if (halved && (source.get(1) % 2 != 0 || source.get(2) % 2 != 0)) {
      throw new IllegalArgumentException("grid: " + source + " (expected: even height and width)");
    }
  }

  /** Leaves volumes of this grid as they are. */
  public static PlaneReduction none(List<Integer> grid) {
    return new PlaneReduction(grid, false);
  }

  /** Depth, height and width of the result. */
  public List<Integer> grid() {
    return halved ? List.of(source.get(0), source.get(1) / 2, source.get(2) / 2) : source;
  }

  /**
   * Reduces a volume.
   *
   * @param values [D, H, W]; given back as it is where nothing is to be reduced
   */
  public float[] apply(float[] values) {
    if (!halved) {
      return values;
    }
    int width = source.get(2);
    float[] reduced = new float[values.length / 4];
    int to = 0;
    for (int from = 0; from < values.length; from += 2 * width) {
      for (int i = from; i < from + width; i += 2) {
        reduced[to++] =
            0.25f * (values[i] + values[i + 1] + values[i + width] + values[i + width + 1]);
      }
    }
    return reduced;
  }
}
