package io.radnet.imaging.series;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that could be slices of one volume: of one series number, size, spacing and orientation.
 */
final class FrameShapes {
  /**
   * Cosines of one stack may differ by this much: rounding, and the slow drift that some scanners
   * write.
   */
  static final double SAME_ORIENTATION = 0.01;

  private FrameShapes() {}

  /** Groups in the order of their first frames. */
  static List<List<Frame>> split(List<Frame> frames) {
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
    return a.instance().seriesNumber() == b.instance().seriesNumber()
        && a.rows() == b.rows()
        && a.columns() == b.columns()
        && Math.abs(a.rowSpacing() - b.rowSpacing()) <= 1e-3 * Math.max(a.rowSpacing(), 1)
        && Math.abs(a.columnSpacing() - b.columnSpacing()) <= 1e-3 * Math.max(a.columnSpacing(), 1)
        && (a.position() == null ? loose(a, b) : b.position() != null)
        && near(a.orientation(), b.orientation(), SAME_ORIENTATION);
  }

  /** Without places, the frames of one object belong together, and single images of one size. */
  private static boolean loose(Frame a, Frame b) {
    return b.position() == null
        && (a.instance() == b.instance()
            || a.instance().frames().size() == 1 && b.instance().frames().size() == 1);
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
}
