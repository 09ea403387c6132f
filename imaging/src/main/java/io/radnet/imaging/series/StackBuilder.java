package io.radnet.imaging.series;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a series to stacks: split by orientation and size, then by whatever tells repeated
 * positions apart.
 */
final class StackBuilder {
  /**
   * Cosines of one stack may differ by this much: rounding, and the slow drift that some scanners
   * write.
   */
  private static final double SAME_ORIENTATION = 0.01;

  private static final double SAME_POSITION_MM = 0.01;
  private static final double UNIFORM_RELATIVE = 0.02;
  private static final double UNIFORM_MM = 0.02;
  private static final double GAP_FACTOR = 1.5;
  private static final double OFF_LINE_MM = 0.1;

  private static final Comparator<Frame> ACQUIRED =
      Comparator.comparingInt((Frame frame) -> frame.instance().instanceNumber())
          .thenComparing(frame -> frame.instance().path())
          .thenComparingInt(Frame::index)
          .thenComparingInt(Frame::tileY)
          .thenComparingInt(Frame::tileX);

  private StackBuilder() {}

  static List<Stack> build(Series series) {
    List<Frame> frames = new ArrayList<>();
    for (Instance instance : series.instances()) {
      frames.addAll(instance.frames());
    }
    frames.sort(ACQUIRED);
    List<Stack> stacks = new ArrayList<>();
    for (List<Frame> same : byShape(frames)) {
      List<Frame> unique = withoutCopies(same);
      int copies = same.size() - unique.size();
      for (List<Frame> volume : byRepetition(unique)) {
        stacks.add(stack(volume, stacks.size(), copies));
      }
    }
    return stacks;
  }

  private static List<List<Frame>> byShape(List<Frame> frames) {
    List<List<Frame>> groups = new ArrayList<>();
    for (Frame frame : frames) {
      List<Frame> home = null;
      for (List<Frame> group : groups) {
        if (sameShape(group.get(0), frame)) {
          home = group;
          break;
        }
      }
      if (home == null) {
        home = new ArrayList<>();
        groups.add(home);
      }
      home.add(frame);
    }
    return groups;
  }

  private static boolean sameShape(Frame a, Frame b) {
    return a.rows() == b.rows()
        && a.columns() == b.columns()
        && Math.abs(a.rowSpacing() - b.rowSpacing()) <= 1e-3 * Math.max(a.rowSpacing(), 1)
        && Math.abs(a.columnSpacing() - b.columnSpacing()) <= 1e-3 * Math.max(a.columnSpacing(), 1)
        && (a.position() == null) == (b.position() == null)
        && near(a.orientation(), b.orientation(), SAME_ORIENTATION);
  }

  private static boolean near(double @Nullable [] a, double @Nullable [] b, double tolerance) {
    if (a == null || b == null) {
      return a == b;
    }
    for (int i = 0; i < a.length; i++) {
      if (Math.abs(a[i] - b[i]) > tolerance) {
        return false;
      }
    }
    return true;
  }

  /** Copies of one image, such as the same slice in another transfer syntax, count once. */
  private static List<Frame> withoutCopies(List<Frame> frames) {
    Set<String> seen = new HashSet<>();
    List<Frame> unique = new ArrayList<>();
    for (Frame frame : frames) {
      Instance instance = frame.instance();
      String tile = "/" + frame.index() + "/" + frame.tileX() + "/" + frame.tileY();
      boolean known =
          !instance.sopInstanceUid().isEmpty() && !seen.add(instance.sopInstanceUid() + tile);
      double[] at = frame.position();
      if (instance.instanceNumber() > 0 && at != null) {
        known |=
            !seen.add(
                instance.instanceNumber()
                    + "t"
                    + instance.moment()
                    + tile
                    + "@"
                    + key(at[0])
                    + ","
                    + key(at[1])
                    + ","
                    + key(at[2])
                    + frame.group());
      }
      if (!known) {
        unique.add(frame);
      }
    }
    return unique;
  }

  private static long key(double mm) {
    return Math.round(mm / SAME_POSITION_MM);
  }

  private static List<List<Frame>> byRepetition(List<Frame> frames) {
    if (frames.get(0).position() == null || frames.get(0).normal() == null || !repeats(frames)) {
      return List.of(frames);
    }
    TreeMap<FrameGroup, List<Frame>> groups = new TreeMap<>();
    for (Frame frame : frames) {
      groups
          .computeIfAbsent(withoutAcquisition(frame.group()), key -> new ArrayList<>())
          .add(frame);
    }
    List<List<Frame>> volumes = new ArrayList<>();
    for (List<Frame> group : groups.values()) {
      volumes.addAll(repeats(group) ? byAcquisition(group) : List.of(group));
    }
    return volumes;
  }

  private static FrameGroup withoutAcquisition(FrameGroup group) {
    return new FrameGroup(group.component(), group.echoTime(), group.bValue(), group.temporal(), 0);
  }

  /**
   * By acquisition number where that makes positions unique, else the n-th occurrence of a position
   * is of volume n.
   */
  private static List<List<Frame>> byAcquisition(List<Frame> frames) {
    TreeMap<Integer, List<Frame>> acquisitions = new TreeMap<>();
    for (Frame frame : frames) {
      acquisitions
          .computeIfAbsent(frame.group().acquisition(), key -> new ArrayList<>())
          .add(frame);
    }
    Set<Integer> sizes = new HashSet<>();
    boolean clean = true;
    for (List<Frame> group : acquisitions.values()) {
      sizes.add(group.size());
      clean &= !repeats(group);
    }
    if (clean && sizes.size() == 1) {
      return List.copyOf(acquisitions.values());
    }
    Map<Long, Integer> occurrences = new LinkedHashMap<>();
    List<List<Frame>> volumes = new ArrayList<>();
    for (Frame frame : frames) {
      int nth = occurrences.merge(key(along(frame, frames.get(0))), 1, Integer::sum) - 1;
      while (volumes.size() <= nth) {
        volumes.add(new ArrayList<>());
      }
      volumes.get(nth).add(frame);
    }
    return volumes;
  }

  private static boolean repeats(List<Frame> frames) {
    Set<Long> seen = new HashSet<>();
    for (Frame frame : frames) {
      if (!seen.add(key(along(frame, frames.get(0))))) {
        return true;
      }
    }
    return false;
  }

  /** Position along the normal of {@code reference} in mm. */
  private static double along(Frame frame, Frame reference) {
    double[] n = reference.normal();
    double[] p = frame.position();
    return n == null || p == null ? 0 : n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
  }

  private static Stack stack(List<Frame> frames, int index, int copies) {
    Frame reference = frames.get(0);
    List<String> warnings = new ArrayList<>();
    if (copies > 0) {
      warnings.add(copies + " frames are copies of others and were left out");
    }
    if (reference.position() == null || reference.normal() == null) {
      warnings.add("position or orientation is absent");
      return new Stack(
          frames, Optional.empty(), OptionalDouble.empty(), false, 0, 0, index, copies, warnings);
    }
    List<Frame> sorted = new ArrayList<>(frames);
    sorted.sort(
        Comparator.comparingDouble((Frame frame) -> along(frame, reference))
            .thenComparing(ACQUIRED));
    int count = sorted.size();
    double[] steps = new double[count - 1];
    for (int i = 0; i + 1 < count; i++) {
      steps[i] = along(sorted.get(i + 1), reference) - along(sorted.get(i), reference);
    }
    double median = median(steps);
    boolean uniform = true;
    int gaps = 0;
    for (double step : steps) {
      uniform &= Math.abs(step - median) <= UNIFORM_RELATIVE * median + UNIFORM_MM;
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
    double tilt = tilt(sorted);
    if (tilt > 0.5) {
      warnings.add(String.format("tilted by %.1f degrees", tilt));
    }
    return new Stack(
        sorted,
        Optional.ofNullable(geometry(sorted, uniform ? mean(steps) : median)),
        count > 1 ? OptionalDouble.of(median) : OptionalDouble.empty(),
        uniform,
        gaps,
        tilt,
        index,
        copies,
        warnings);
  }

  private static double median(double[] values) {
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
  private static double offLine(List<Frame> sorted) {
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
    double thickness = frame.thickness() > 0 ? frame.thickness() : 1;
    double[] step = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      step[axis] =
          travel > 0 ? (last[axis] - first[axis]) * (distance / travel) : n[axis] * thickness;
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
