package io.radnet.imaging.series;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The frames of one volume in order, and the grid that they lie on. */
final class StackGeometry {
  private static final double UNIFORM_RELATIVE = 0.02;
  private static final double UNIFORM_MM = 0.02;
  private static final double GAP_FACTOR = 1.5;

  /** Positions this far off the line through all of them are named. */
  static final double OFF_LINE_MM = 0.1;

  private StackGeometry() {}

  /** Position along the normal of {@code reference} in mm. */
  static double along(Frame frame, Frame reference) {
    double[] n = reference.normal();
    double[] p = frame.position();
    return n == null || p == null ? 0 : n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
  }

  static Stack of(List<Frame> frames, int index, int duplicates, Map<Frame, List<Frame>> copies) {
    Frame reference = frames.get(0);
    List<String> warnings = new ArrayList<>();
    if (duplicates > 0) {
      warnings.add(
          duplicates == 1
              ? "1 frame is a copy of another and was left out"
              : duplicates + " frames are copies of others and were left out");
    }
    warnings.addAll(aboutPixels(frames));
    if (reference.position() == null || reference.normal() == null) {
      warnings.add("position or orientation is absent");
      return new Stack(
          frames,
          Optional.empty(),
          OptionalDouble.empty(),
          false,
          0,
          0,
          index,
          duplicates,
          copies,
          warnings);
    }
    List<Frame> sorted = new ArrayList<>(frames);
    sorted.sort(
        Comparator.comparingDouble((Frame frame) -> along(frame, reference))
            .thenComparing(StackBuilder.ACQUIRED));
    int count = sorted.size();
    double[] steps = new double[count - 1];
    for (int i = 0; i + 1 < count; i++) {
      steps[i] = along(sorted.get(i + 1), reference) - along(sorted.get(i), reference);
    }
    double median = median(steps);
    boolean uniform = uniform(steps, median);
    int gaps = 0;
    for (double step : steps) {
      if (step > GAP_FACTOR * median) {
        gaps++;
      }
    }
    if (gaps > 0) {
      warnings.add(gaps + (gaps == 1 ? " gap" : " gaps") + " between slices");
    } else if (!uniform) {
      warnings.add("slices are not evenly spaced");
    }
    if (offLine(sorted) > OFF_LINE_MM) {
      warnings.add("slices are shifted against each other: the grid is their best straight line");
    }
    Optional<Geometry> grid = Optional.ofNullable(geometry(sorted, uniform ? mean(steps) : median));
    double tilt = tilt(sorted);
    if (tilt > 0.5 || grid.filter(Geometry::sheared).isPresent()) {
      warnings.add(String.format(Locale.ROOT, "tilted by %.1f degrees", tilt));
    }
    return new Stack(
        sorted,
        grid,
        count > 1 ? OptionalDouble.of(median) : OptionalDouble.empty(),
        uniform,
        gaps,
        tilt,
        index,
        duplicates,
        copies,
        warnings);
  }

  /** What is odd about the objects that hold the frames. */
  private static Set<String> aboutPixels(List<Frame> frames) {
    Set<String> warnings = new LinkedHashSet<>();
    Instance before = null;
    for (Frame frame : frames) {
      Instance instance = frame.instance();
      if (instance != before && !instance.meaning().warning().isEmpty()) {
        warnings.add(instance.meaning().warning());
      }
      if (instance != before && instance.framesLeftOut() > 0) {
        warnings.add(leftOut(instance.framesLeftOut()));
      }
      before = instance;
    }
    return warnings;
  }

  static String leftOut(int frames) {
    return String.format(
        Locale.ROOT,
        "partial: an object has %d frames more, which are without functional groups or beyond the"
            + " %d that are read of one",
        frames,
        FrameReader.MAXIMUM_FRAMES);
  }

  /** Whether all steps are as long as this one. */
  static boolean uniform(double[] steps, double length) {
    for (double step : steps) {
      if (Math.abs(step - length) > UNIFORM_RELATIVE * length + UNIFORM_MM) {
        return false;
      }
    }
    return true;
  }

  static double median(double[] values) {
    if (values.length == 0) {
      return 0;
    }
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return values.length == 0 ? 0 : sum / values.length;
  }

  /** How far a slice lies at most from the line through the first and the last, in mm. */
  static double offLine(List<Frame> sorted) {
    double[] first = sorted.get(0).position();
    double[] last = sorted.get(sorted.size() - 1).position();
    if (first == null || last == null) {
      return 0;
    }
    double total =
        along(sorted.get(sorted.size() - 1), sorted.get(0)) - along(sorted.get(0), sorted.get(0));
    double worst = 0;
    for (Frame frame : sorted) {
      double[] at = frame.position();
      double share =
          total == 0
              ? 0
              : (along(frame, sorted.get(0)) - along(sorted.get(0), sorted.get(0))) / total;
      double squares = 0;
      for (int axis = 0; axis < 3 && at != null; axis++) {
        double away = at[axis] - first[axis] - share * (last[axis] - first[axis]);
        squares += away * away;
      }
      worst = Math.max(worst, Math.sqrt(squares));
    }
    return worst;
  }

  /** Angle in degrees between the line from the first to the last slice and the normal. */
  private static double tilt(List<Frame> sorted) {
    double[] first = sorted.get(0).position();
    double[] last = sorted.get(sorted.size() - 1).position();
    double[] n = sorted.get(0).normal();
    if (sorted.size() < 2 || first == null || last == null || n == null) {
      return 0;
    }
    double[] d = {last[0] - first[0], last[1] - first[1], last[2] - first[2]};
    double length = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    double cosine = length == 0 ? 1 : (d[0] * n[0] + d[1] * n[1] + d[2] * n[2]) / length;
    return Math.toDegrees(Math.acos(Math.min(1, Math.abs(cosine))));
  }

  /**
   * The grid. Slices at even steps lie on it exactly; where steps are missing it has the median
   * step, so that the run of slices up to the first gap does.
   */
  private static @Nullable Geometry geometry(List<Frame> sorted, double distance) {
    Frame frame = sorted.get(0);
    double[] o = frame.orientation();
    double[] first = frame.position();
    double[] last = sorted.get(sorted.size() - 1).position();
    double[] n = frame.normal();
    if (o == null
        || first == null
        || last == null
        || n == null
        || frame.rowSpacing() == 0
        || frame.columnSpacing() == 0) {
      return null;
    }
    double travel = along(sorted.get(sorted.size() - 1), frame) - along(frame, frame);
    double alone = frame.sliceDistance() > 0 ? frame.sliceDistance() : 1;
    double[] step = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      step[axis] = travel > 0 ? (last[axis] - first[axis]) * (distance / travel) : n[axis] * alone;
    }
    double c = frame.columnSpacing();
    double r = frame.rowSpacing();
    try {
      return new Geometry(
          frame.columns(),
          frame.rows(),
          sorted.size(),
          Affine.of(
              o[0] * c, o[3] * r, step[0], first[0], o[1] * c, o[4] * r, step[1], first[1],
              o[2] * c, o[5] * r, step[2], first[2]));
    } catch (IllegalArgumentException singular) {
      return null;
    }
  }
}
