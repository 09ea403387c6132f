package io.radnet.imaging.series;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * The levels that a number takes in a series. Scanners write one setting with small differences
 * from slice to slice, such as echo times of 4.60 and 4.61 ms, and one place with other digits in
 * another file; such values are one level. Neighbours tell levels apart, not a raster: two values
 * never fall apart because a boundary lies between them.
 */
final class Levels {
  private final double[] values;
  private final int[] lowest;

  private Levels(double[] values, int[] lowest) {
    this.values = values;
    this.lowest = lowest;
  }

  /**
   * The levels of these frames.
   *
   * @param closest neighbours no further apart than this share a level
   * @param share or no further apart than this part of their size
   */
  static Levels of(
      Collection<Frame> frames, ToDoubleFunction<Frame> number, double closest, double share) {
    double[] values = frames.stream().mapToDouble(number).sorted().toArray();
    int[] lowest = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      double tolerance = Math.max(closest, share * Math.abs(values[i]));
      boolean same = i > 0 && values[i] - values[i - 1] <= tolerance;
      lowest[i] = same ? lowest[i - 1] : i;
    }
    return new Levels(values, lowest);
  }

  /** The lowest value of the level that {@code value}, one of those given, belongs to. */
  double level(double value) {
    return values[number(value)];
  }

  /** The same number for all values of a level, in the order of the levels. */
  int number(double value) {
    int at = Arrays.binarySearch(values, value);
    if (at < 0) {
      throw new IllegalArgumentException("value: " + value + " (expected: one of the frames')");
    }
    return lowest[at];
  }
}
