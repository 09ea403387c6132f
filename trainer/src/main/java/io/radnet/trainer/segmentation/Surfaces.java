package io.radnet.trainer.segmentation;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.Arrays;

/**
 * Distances between the borders of two masks of one class. A border voxel has a neighbour (of six)
 * that is outside. Distances are exact, in mm between voxel centres, along the grid's spacing
 * (Felzenszwalb and Huttenlocher 2012); of a tilted stack the tilt is left out.
 */
final class Surfaces {
  /** Borders closer than this count as equal in the surface Dice, mm. */
  static final double TOLERANCE_MM = 3;

  private Surfaces() {}

  /**
   * @param surfaceDice share of both borders that lies within {@link #TOLERANCE_MM} of the other
   * @param hausdorff95 the larger of the two 95th percentiles of distances, mm; infinite where one
   *     mask is empty
   */
  record Distances(double surfaceDice, double hausdorff95) {}

  static Distances between(LabelMap a, LabelMap b, int label) {
    boolean[] borderA = border(a, label);
    boolean[] borderB = border(b, label);
    double[] fromA = distancesAt(borderA, squaredDistances(borderB, a.geometry()));
    double[] fromB = distancesAt(borderB, squaredDistances(borderA, a.geometry()));
    if (fromA.length == 0 && fromB.length == 0) {
      return new Distances(1, 0);
    }
    if (fromA.length == 0 || fromB.length == 0) {
      return new Distances(0, Double.POSITIVE_INFINITY);
    }
    long near =
        Arrays.stream(fromA).filter(d -> d <= TOLERANCE_MM).count()
            + Arrays.stream(fromB).filter(d -> d <= TOLERANCE_MM).count();
    return new Distances(
        (double) near / (fromA.length + fromB.length),
        Math.max(percentile95(fromA), percentile95(fromB)));
  }

  private static double percentile95(double[] distances) {
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(0.95 * sorted.length) - 1];
  }

  private static boolean[] border(LabelMap map, int label) {
    Geometry g = map.geometry();
    boolean[] border = new boolean[map.labels().length];
    int v = 0;
    for (int k = 0; k < g.depth(); k++) {
      for (int j = 0; j < g.height(); j++) {
        for (int i = 0; i < g.width(); i++, v++) {
          border[v] =
              map.label(i, j, k) == label
                  && (outside(map, label, i - 1, j, k)
                      || outside(map, label, i + 1, j, k)
                      || outside(map, label, i, j - 1, k)
                      || outside(map, label, i, j + 1, k)
                      || outside(map, label, i, j, k - 1)
                      || outside(map, label, i, j, k + 1));
        }
      }
    }
    return border;
  }

  private static boolean outside(LabelMap map, int label, int i, int j, int k) {
    Geometry g = map.geometry();
    return i < 0
        || j < 0
        || k < 0
        || i >= g.width()
        || j >= g.height()
        || k >= g.depth()
        || map.label(i, j, k) != label;
  }

  private static double[] distancesAt(boolean[] border, double[] squared) {
    double[] found = new double[border.length];
    int count = 0;
    for (int v = 0; v < border.length; v++) {
      if (border[v]) {
        found[count++] = Math.sqrt(squared[v]);
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** Squared distance in mm from each voxel to the nearest set one; infinite where none is set. */
  private static double[] squaredDistances(boolean[] set, Geometry g) {
    double[] d = new double[set.length];
    for (int v = 0; v < set.length; v++) {
      d[v] = set[v] ? 0 : Double.POSITIVE_INFINITY;
    }
    int plane = g.width() * g.height();
    for (int k = 0; k < g.depth(); k++) {
      for (int j = 0; j < g.height(); j++) {
        transform(d, k * plane + j * g.width(), 1, g.width(), g.spacing(0));
      }
      for (int i = 0; i < g.width(); i++) {
        transform(d, k * plane + i, g.width(), g.height(), g.spacing(1));
      }
    }
    for (int p = 0; p < plane; p++) {
      transform(d, p, plane, g.depth(), g.spacing(2));
    }
    return d;
  }

  /** The lower envelope of the parabolas that stand on a line of squared distances. */
  private static void transform(double[] d, int first, int stride, int n, double spacing) {
    double[] f = new double[n];
    int[] site = new int[n];
    double[] start = new double[n + 1];
    int top = -1;
    for (int q = 0; q < n; q++) {
      f[q] = d[first + q * stride];
      if (Double.isInfinite(f[q])) {
        continue;
      }
      double x = q * spacing;
      double cross = Double.NEGATIVE_INFINITY;
      while (top >= 0) {
        double y = site[top] * spacing;
        cross = (f[q] + x * x - f[site[top]] - y * y) / (2 * (x - y));
        if (cross > start[top]) {
          break;
        }
        top--;
      }
      top++;
      site[top] = q;
      start[top] = top == 0 ? Double.NEGATIVE_INFINITY : cross;
    }
    if (top < 0) {
      return;
    }
    start[top + 1] = Double.POSITIVE_INFINITY;
    int at = 0;
    for (int q = 0; q < n; q++) {
      double x = q * spacing;
      while (start[at + 1] < x) {
        at++;
      }
      double distance = x - site[at] * spacing;
      d[first + q * stride] = distance * distance + f[site[at]];
    }
  }
}
