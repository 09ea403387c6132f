package io.radnet.imaging.phantom;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A patient as a list of solids: later ones replace earlier ones. Body space is LPS in mm with the
 * origin in the middle of the base of the neck; the crown is near z = 290, the diaphragm near -250,
 * the hips near -600, the knees near -1050.
 */
final class Body {
  /**
   * One solid.
   *
   * @param shape where
   * @param tissue of what
   * @param onlyOver paints only where one of these is; everything where empty
   */
  record Part(Shape shape, Tissue tissue, Set<Tissue> onlyOver) {}

  private final List<Part> parts = new ArrayList<>();
  private final Draw draw;

  /** How far organs wander from their textbook place, mm. */
  private static final double WANDER = 3;

  Body(Draw draw) {
    this.draw = draw;
  }

  List<Part> parts() {
    return parts;
  }

  void add(Tissue tissue, Shape shape, Tissue... onlyOver) {
    Set<Tissue> over = EnumSet.noneOf(Tissue.class);
    over.addAll(List.of(onlyOver));
    parts.add(new Part(shape, tissue, over));
  }

  /** Adds an upright ellipsoid exactly there. */
  void ball(Tissue tissue, double x, double y, double z, double rx, double ry, double rz) {
    add(tissue, ellipsoid(at(x, y, z), at(rx, ry, rz), at(0, 0, 0), false, 0, 0));
  }

  /** An organ: place, size and tilt drawn around the given ones, with an uneven surface. */
  Shape organ(double[] centre, double[] radii, double[] tiltDegrees, double ripple) {
    double common = draw.factor(0.06);
    double[] c = new double[3];
    double[] r = new double[3];
    double[] t = new double[3];
    for (int a = 0; a < 3; a++) {
      c[a] = draw.normal(centre[a], WANDER);
      r[a] = radii[a] * common * draw.factor(0.05);
      t[a] = draw.normal(tiltDegrees[a], 5);
    }
    return ellipsoid(c, r, t, false, ripple, draw.uniform(2.2, 3.4));
  }

  /** An ellipsoid or barrel, turned about x, then y, then z. */
  Shape.Ellipsoid ellipsoid(
      double[] centre,
      double[] radii,
      double[] degrees,
      boolean barrel,
      double ripple,
      double waves) {
    double[] m = rotation(degrees);
    double[] toUnit = new double[9];
    double[] half = new double[3];
    double grown = (barrel ? 1.02 : 1) * StrictMath.sqrt(1 + 3 * ripple);
    for (int r = 0; r < 3; r++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        toUnit[r * 3 + c] = m[c * 3 + r] / radii[r]; // the transpose turns back
        double reach = m[r * 3 + c] * radii[c];
        sum += barrel ? Math.abs(reach) : reach * reach;
      }
      half[r] = (barrel ? sum : StrictMath.sqrt(sum)) * grown;
    }
    return new Shape.Ellipsoid(
        centre.clone(), toUnit, half, barrel, ripple, waves, draw.uniform(0, 6.28));
  }

  /** A tube through the points, its radius changing evenly from the first to the last. */
  void tube(Tissue tissue, double from, double to, double[][] points, Tissue... onlyOver) {
    int last = points.length - 1;
    for (int n = 0; n < last; n++) {
      add(
          tissue,
          new Shape.Capsule(
              points[n],
              points[n + 1],
              from + (to - from) * n / last,
              from + (to - from) * (n + 1) / last),
          onlyOver);
    }
  }

  /** A winding path of {@code steps} from a point, kept inside an ellipsoid. */
  double[][] wander(double[] start, double[] centre, double[] radii, int steps, double length) {
    double[][] path = new double[steps + 1][];
    path[0] = start.clone();
    double[] heading = unit(at(draw.gaussian(), draw.gaussian(), draw.gaussian()));
    for (int n = 1; n <= steps; n++) {
      double[] p = path[n - 1];
      double[] pull = new double[3];
      double out = 0;
      for (int a = 0; a < 3; a++) {
        double d = (centre[a] - p[a]) / radii[a];
        out += d * d;
        pull[a] = d;
      }
      for (int a = 0; a < 3; a++) {
        heading[a] += 0.7 * draw.gaussian() + pull[a] * (out > 0.7 ? 2 : 0.1);
      }
      heading = unit(heading);
      path[n] =
          at(p[0] + length * heading[0], p[1] + length * heading[1], p[2] + length * heading[2]);
    }
    return path;
  }

  static double[] at(double x, double y, double z) {
    return new double[] {x, y, z};
  }

  private static double[] unit(double[] v) {
    double length = StrictMath.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    return at(v[0] / length, v[1] / length, v[2] / length);
  }

  /** Row-major rotation: about x, then y, then z. */
  static double[] rotation(double[] degrees) {
    double a = StrictMath.toRadians(degrees[0]);
    double b = StrictMath.toRadians(degrees[1]);
    double c = StrictMath.toRadians(degrees[2]);
    double sa = StrictMath.sin(a);
    double ca = StrictMath.cos(a);
    double sb = StrictMath.sin(b);
    double cb = StrictMath.cos(b);
    double sc = StrictMath.sin(c);
    double cc = StrictMath.cos(c);
    return new double[] {
      cc * cb,
      cc * sb * sa - sc * ca,
      cc * sb * ca + sc * sa,
      sc * cb,
      sc * sb * sa + cc * ca,
      sc * sb * ca - cc * sa,
      -sb,
      cb * sa,
      cb * ca
    };
  }
}
