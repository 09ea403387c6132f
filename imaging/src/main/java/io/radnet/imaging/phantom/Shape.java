package io.radnet.imaging.phantom;

import io.radnet.imaging.volume.Affine;

/**
 * A solid in the phantom's body space (LPS mm, origin at the base of the neck): where its box lies
 * and which points it holds. Points run along a line {@code start + n step}, as voxels of a row do.
 */
sealed interface Shape {
  /** Centre of the box that holds the shape. */
  double[] centre();

  /** Half sides of that box. */
  double[] half();

  /**
   * The shape seen along voxel rows.
   *
   * @param toBody voxel index to body mm
   */
  RowTest along(Affine toBody);

  /** Whether a row's points lie inside; one instance is used by one thread. */
  interface RowTest {
    /** Starts the row whose first point has index i = 0. */
    void row(double j, double k);

    /** Whether point i of the row lies inside. */
    boolean inside(int i);
  }

  /**
   * An ellipsoid, or a barrel with flat ends, whose surface may ripple.
   *
   * @param centre mm
   * @param toUnit rows of the 3x3 matrix that maps the body onto the unit ball
   * @param half half sides of the box
   * @param barrel whether the third local axis ends flat
   * @param ripple relative height of the waves on the surface, 0 to 0.2
   * @param waves waves per radius
   * @param phase of the waves
   */
  record Ellipsoid(
      double[] centre,
      double[] toUnit,
      double[] half,
      boolean barrel,
      double ripple,
      double waves,
      double phase)
      implements Shape {
    @Override
    public RowTest along(Affine toBody) {
      return new EllipsoidRow(this, toBody);
    }
  }

  /** A capsule from {@code a} to {@code b} whose radius changes evenly. */
  record Capsule(double[] a, double[] b, double radiusA, double radiusB) implements Shape {
    @Override
    public double[] centre() {
      return new double[] {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2};
    }

    @Override
    public double[] half() {
      double r = Math.max(radiusA, radiusB);
      return new double[] {
        Math.abs(a[0] - b[0]) / 2 + r, Math.abs(a[1] - b[1]) / 2 + r, Math.abs(a[2] - b[2]) / 2 + r
      };
    }

    @Override
    public RowTest along(Affine toBody) {
      return new CapsuleRow(this, toBody);
    }
  }

  /** See {@link Ellipsoid}. */
  final class EllipsoidRow implements RowTest {
    private final Ellipsoid shape;
    private final double[] m = new double[12];
    private double u;
    private double v;
    private double w;

    EllipsoidRow(Ellipsoid shape, Affine toBody) {
      this.shape = shape;
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 4; c++) {
          double sum = 0;
          for (int n = 0; n < 3; n++) {
            sum += shape.toUnit[r * 3 + n] * (toBody.get(n, c) - (c == 3 ? shape.centre[n] : 0));
          }
          m[r * 4 + c] = sum;
        }
      }
    }

    @Override
    public void row(double j, double k) {
      u = m[1] * j + m[2] * k + m[3];
      v = m[5] * j + m[6] * k + m[7];
      w = m[9] * j + m[10] * k + m[11];
    }

    @Override
    public boolean inside(int i) {
      double x = u + i * m[0];
      double y = v + i * m[4];
      double z = w + i * m[8];
      double zz = z * z;
      double f = x * x + y * y + (shape.barrel ? zz * zz * zz : zz);
      if (shape.ripple == 0 || f < 0.5 || f > 1.7) {
        return f < 1;
      }
      double n = shape.waves;
      double wave =
          sine(x * n + shape.phase + 0.7 * sine(y * n))
              + sine(y * n * 1.3 + 2 * shape.phase)
              + sine(z * n * 0.9 + 3 * shape.phase + 0.5 * sine(x * n));
      return f < 1 + shape.ripple * wave;
    }

    /** A sine by two parabolas per period: smooth enough for a surface, the same everywhere. */
    private static double sine(double x) {
      double t = x * 0.15915494309189535;
      t -= Math.floor(t);
      return t < 0.5 ? 16 * t * (0.5 - t) : -16 * (t - 0.5) * (1 - t);
    }
  }

  /** See {@link Capsule}. */
  final class CapsuleRow implements RowTest {
    private final Capsule shape;
    private final Affine toBody;
    private final double[] axis;
    private final double inverse;
    private double x;
    private double y;
    private double z;

    CapsuleRow(Capsule shape, Affine toBody) {
      this.shape = shape;
      this.toBody = toBody;
      this.axis =
          new double[] {shape.b[0] - shape.a[0], shape.b[1] - shape.a[1], shape.b[2] - shape.a[2]};
      this.inverse = 1 / Math.max(1e-9, axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    }

    @Override
    public void row(double j, double k) {
      x = toBody.get(0, 1) * j + toBody.get(0, 2) * k + toBody.get(0, 3) - shape.a[0];
      y = toBody.get(1, 1) * j + toBody.get(1, 2) * k + toBody.get(1, 3) - shape.a[1];
      z = toBody.get(2, 1) * j + toBody.get(2, 2) * k + toBody.get(2, 3) - shape.a[2];
    }

    @Override
    public boolean inside(int i) {
      double dx = x + i * toBody.get(0, 0);
      double dy = y + i * toBody.get(1, 0);
      double dz = z + i * toBody.get(2, 0);
      double t = (dx * axis[0] + dy * axis[1] + dz * axis[2]) * inverse;
      t = Math.max(0, Math.min(1, t));
      dx -= t * axis[0];
      dy -= t * axis[1];
      dz -= t * axis[2];
      double r = shape.radiusA + t * (shape.radiusB - shape.radiusA);
      return dx * dx + dy * dy + dz * dz < r * r;
    }
  }
}
