package io.radnet.imaging.series;

import java.util.Collection;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * The levels that a parameter takes in a series. Scanners write one setting with small differences
 * from slice to slice, such as echo times of 4.60 and 4.61 ms; such values are one level.
 */
final class Levels {
  private static final double SHARE = 0.01;

  private final TreeMap<Double, Double> levels = new TreeMap<>();

  private Levels() {}

  /**
   * The levels of these frames.
   *
   * @param closest neighbours no further apart than this, or than one percent, share a level
   */
  static Levels of(
      Collection<Frame> frames, ToDoubleFunction<FrameGroup> parameter, double closest) {
    TreeSet<Double> values = new TreeSet<>();
    frames.forEach(frame -> values.add(parameter.applyAsDouble(frame.group())));
    Levels found = new Levels();
    double level = Double.NaN;
    double before = Double.NaN;
    for (double value : values) {
      double tolerance = Math.max(closest, SHARE * Math.abs(value));
      if (!(value - before <= tolerance)) {
        level = value;
      }
      found.levels.put(value, level);
      before = value;
    }
    return found;
  }

  /** The lowest value of the level that {@code value}, one of those given, belongs to. */
  double level(double value) {
    Double level = levels.get(value);
    if (level == null) {
      throw new IllegalArgumentException("value: " + value + " (expected: one of the frames')");
    }
    return level;
  }
}
