package io.radnet.imaging.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Frames of a series to stacks: split by orientation, size and series number, which should be one
 * for one UID and is not always, then by whatever tells repeated positions apart.
 */
final class StackBuilder {
  private static final double SAME_SPACING_MM = 1e-3;

  /** Echo times and b-values closer than this, or than one percent, are one setting that drifts. */
  private static final double SAME_ECHO_TIME_MS = 0.02;

  private static final double SAME_B_VALUE = 2;

  private static final double SAME_SHARE = 0.01;

  static final Comparator<Frame> ACQUIRED =
      Comparator.comparingInt((Frame frame) -> frame.instance().instanceNumber())
          .thenComparing(frame -> frame.instance().time())
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
    Map<Frame, List<Frame>> copies = new IdentityHashMap<>();
    for (List<Frame> same : FrameShapes.split(withoutCopies(frames, copies))) {
      int duplicates =
          same.stream().mapToInt(frame -> copies.getOrDefault(frame, List.of()).size()).sum();
      for (List<Frame> reference : References.split(same)) {
        for (List<Frame> volume : byRepetition(reference)) {
          stacks.add(StackGeometry.of(volume, stacks.size(), duplicates, copies));
        }
      }
    }
    return stacks;
  }

  /**
   * Copies of one image, such as the same slice in another transfer syntax, count once. Images that
   * differ in place or setting are none, even where a careless anonymizer gave them one UID.
   *
   * @param copies takes, for a frame that stays, those that are left out
   */
  private static List<Frame> withoutCopies(List<Frame> frames, Map<Frame, List<Frame>> copies) {
    Map<String, Frame> seen = new HashMap<>();
    List<Frame> unique = new ArrayList<>();
    Places places = Places.of(frames);
    for (Frame frame : frames) {
      Instance instance = frame.instance();
      double[] at = frame.position();
      String setting = places.name(frame) + frame.group();
      String uid = instance.sopInstanceUid();
      Frame known =
          uid.isEmpty()
              ? null
              : seen.putIfAbsent(uid + "#" + instance.instanceNumber() + setting, frame);
      if (instance.instanceNumber() > 0 && at != null) {
        // Without times, images of two time points may agree in all but their UIDs.
        String when = instance.moment() == 0 ? uid : "t" + instance.moment();
        String taken = instance.instanceNumber() + "#" + when + setting;
        Frame same = seen.putIfAbsent(taken + reconstruction(frame), frame);
        known = known == null ? same : known;
      }
      if (known == null) {
        unique.add(frame);
      } else {
        copies.computeIfAbsent(known, key -> new ArrayList<>()).add(frame);
      }
    }
    return unique;
  }

  /** What may differ between two images of one acquisition, both numbered from 1. */
  private static String reconstruction(Frame frame) {
    return frame.instance().kernel()
        + '/'
        + Math.round(frame.rowSpacing() / SAME_SPACING_MM)
        + '/'
        + Math.round(frame.columnSpacing() / SAME_SPACING_MM);
  }

  private static List<List<Frame>> byRepetition(List<Frame> frames) {
    if (frames.get(0).position() == null || frames.get(0).normal() == null) {
      return List.of(frames);
    }
    if (!repeats(frames)) {
      return byOverlap(frames);
    }
    Levels echoTimes =
        Levels.of(frames, frame -> frame.group().echoTime(), SAME_ECHO_TIME_MS, SAME_SHARE);
    Levels bValues = Levels.of(frames, frame -> frame.group().bValue(), SAME_B_VALUE, SAME_SHARE);
    TreeMap<FrameGroup, List<Frame>> groups = new TreeMap<>();
    for (Frame frame : frames) {
      FrameGroup group = frame.group();
      FrameGroup level =
          new FrameGroup(
              group.component(),
              echoTimes.level(group.echoTime()),
              bValues.level(group.bValue()),
              group.temporal(),
              0,
              frame.instance().kernel());
      groups.computeIfAbsent(level, key -> new ArrayList<>()).add(frame);
    }
    List<List<Frame>> volumes = new ArrayList<>();
    for (List<Frame> group : groups.values()) {
      for (List<Frame> one : repeats(group) ? byCoil(group) : List.of(group)) {
        volumes.addAll(repeats(one) ? byDimensions(one) : List.of(one));
      }
    }
    return volumes;
  }

  /**
   * Acquisitions that overlap and do not fit between each other's slices, such as two blocks of CT:
   * each is even with the same step, together they are not. Blocks with a gap stay one volume.
   */
  private static List<List<Frame>> byOverlap(List<Frame> frames) {
    Map<Integer, List<Frame>> acquisitions = new TreeMap<>();
    for (Frame frame : frames) {
      acquisitions
          .computeIfAbsent(frame.group().acquisition(), key -> new ArrayList<>())
          .add(frame);
    }
    double[] along = sorted(frames, frames.get(0));
    double step = StackGeometry.median(steps(along));
    if (acquisitions.size() == 1 || StackGeometry.uniform(steps(along), step)) {
      return List.of(frames);
    }
    List<double[]> blocks = new ArrayList<>();
    for (List<Frame> acquisition : acquisitions.values()) {
      double[] block = sorted(acquisition, frames.get(0));
      if (block.length < 2 || !StackGeometry.uniform(steps(block), step)) {
        return List.of(frames);
      }
      blocks.add(block);
    }
    blocks.sort(Comparator.comparingDouble(block -> block[0]));
    boolean overlap = false;
    for (int i = 1; i < blocks.size(); i++) {
      double[] before = blocks.get(i - 1);
      overlap |= blocks.get(i)[0] < before[before.length - 1];
    }
    return overlap ? List.copyOf(acquisitions.values()) : List.of(frames);
  }

  private static double[] sorted(List<Frame> frames, Frame reference) {
    return frames.stream()
        .mapToDouble(frame -> StackGeometry.along(frame, reference))
        .sorted()
        .toArray();
  }

  private static double[] steps(double[] along) {
    double[] steps = new double[along.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = along[i + 1] - along[i];
    }
    return steps;
  }

  /**
   * Images of single coils, where each coil saw all places: along a moving table, or by the
   * scanner's choice, the coil changes within one volume.
   */
  private static Collection<List<Frame>> byCoil(List<Frame> frames) {
    Map<Frame, Integer> places = Places.along(frames);
    Map<String, List<Frame>> coils = new TreeMap<>();
    Map<String, Set<Integer>> seen = new HashMap<>();
    for (Frame frame : frames) {
      String coil = frame.instance().coil();
      coils.computeIfAbsent(coil, key -> new ArrayList<>()).add(frame);
      seen.computeIfAbsent(coil, key -> new HashSet<>()).add(places.get(frame));
    }
    Set<Integer> all = new HashSet<>(places.values());
    return seen.values().stream().allMatch(all::equals) ? coils.values() : List.of(frames);
  }

  /**
   * By the dimensions of an enhanced object where they make positions unique, and are no more than
   * one position has frames: an index that counts every frame tells no volumes apart.
   */
  private static List<List<Frame>> byDimensions(List<Frame> frames) {
    TreeMap<String, List<Frame>> groups = new TreeMap<>();
    Map<Frame, Integer> places = Places.along(frames);
    Map<Integer, Integer> occurrences = new HashMap<>();
    int most = 0;
    for (Frame frame : frames) {
      groups.computeIfAbsent(frame.group().dimensions(), key -> new ArrayList<>()).add(frame);
      most = Math.max(most, occurrences.merge(places.get(frame), 1, Integer::sum));
    }
    return groups.size() == most && groups.values().stream().noneMatch(StackBuilder::repeats)
        ? List.copyOf(groups.values())
        : byAcquisition(frames);
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
    Map<Frame, Integer> places = Places.along(frames);
    Map<Integer, Integer> occurrences = new HashMap<>();
    List<List<Frame>> volumes = new ArrayList<>();
    for (Frame frame : frames) {
      int nth = occurrences.merge(places.get(frame), 1, Integer::sum) - 1;
      while (volumes.size() <= nth) {
        volumes.add(new ArrayList<>());
      }
      volumes.get(nth).add(frame);
    }
    return volumes;
  }

  private static boolean repeats(List<Frame> frames) {
    for (double step : steps(sorted(frames, frames.get(0)))) {
      if (step <= Places.SAME_POSITION_MM) {
        return true;
      }
    }
    return false;
  }
}
