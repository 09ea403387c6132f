package io.radnet.imaging.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Frames of reference within one series: a patient who was laid down again. Positions of two of
 * them have nothing to do with each other.
 */
final class References {
  private References() {}

  /**
   * Splits by frame of reference, unless all lie on one line at even steps, as stations of a moving
   * table do. A reference for each image, which some anonymizers write, is none.
   *
   * @param frames of one orientation, with positions or without
   */
  static List<List<Frame>> split(List<Frame> frames) {
    Map<Integer, List<Frame>> references = new TreeMap<>();
    for (Frame frame : frames) {
      references.computeIfAbsent(frame.instance().reference(), key -> new ArrayList<>()).add(frame);
    }
    boolean stated =
        !references.containsKey(0)
            && references.size() > 1
            && references.values().stream().allMatch(group -> group.size() > 1);
    if (!stated || frames.get(0).position() == null || frames.get(0).normal() == null) {
      return List.of(frames);
    }
    return oneStack(frames) ? List.of(frames) : List.copyOf(references.values());
  }

  private static boolean oneStack(List<Frame> frames) {
    List<Frame> sorted = new ArrayList<>(frames);
    Frame first = frames.get(0);
    sorted.sort(Comparator.comparingDouble(frame -> StackGeometry.along(frame, first)));
    double[] steps = new double[sorted.size() - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] =
          StackGeometry.along(sorted.get(i + 1), first) - StackGeometry.along(sorted.get(i), first);
    }
    return StackGeometry.uniform(steps, StackGeometry.median(steps))
        && StackGeometry.offLine(sorted) <= StackGeometry.OFF_LINE_MM;
  }
}
