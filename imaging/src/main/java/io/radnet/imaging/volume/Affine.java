package io.radnet.imaging.volume;

import java.util.Arrays;

/**
 * An affine map of 3D space, row-major: {@code y[r] = m[r][0] x[0] + m[r][1] x[1] + m[r][2] x[2] +
 * m[r][3]}; the fourth row is {@code 0 0 0 1}. Immutable.
 */
public final class Affine {
  private final double[] m;

  private Affine(double[] m) {
    this.m = m;
  }

  /**
   * @param rows 12 values: the first three rows of the 4x4 matrix
   * @throws IllegalArgumentException where a value is not finite or the map is singular
   */
  public static Affine of(double... rows) {
    if (rows.length != 12) {
      throw new IllegalArgumentException("affine values: " + rows.length + " (expected: 12)");
    }
    for (double value : rows) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("affine value: " + value + " (expected: finite)");
      }
    }
    Affine affine = new Affine(rows.clone());
    double determinant = affine.determinant();
    if (determinant == 0 || !Double.isFinite(1 / determinant)) {
      throw new IllegalArgumentException("affine: singular (expected: invertible)");
    }
    return affine;
  }

  /** The map that scales each axis. */
  public static Affine scaling(double x, double y, double z) {
    return of(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0);
  }

  /** The element at {@code row} in [0, 2] and {@code column} in [0, 3]. */
  public double get(int row, int column) {
    return m[row * 4 + column];
  }

  /** The 12 values, row-major. */
  public double[] toArray() {
    return m.clone();
  }

  /** Column {@code c} in [0, 3] as a vector; 3 is the translation. */
  public double[] column(int c) {
    return new double[] {m[c], m[4 + c], m[8 + c]};
  }

  /** The image of a point. */
  public double[] apply(double x, double y, double z) {
    return new double[] {
      m[0] * x + m[1] * y + m[2] * z + m[3],
      m[4] * x + m[5] * y + m[6] * z + m[7],
      m[8] * x + m[9] * y + m[10] * z + m[11]
    };
  }

  /** The map that does {@code first}, then this. */
  public Affine after(Affine first) {
    double[] product = new double[12];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 4; c++) {
        double sum = c == 3 ? m[r * 4 + 3] : 0;
        for (int k = 0; k < 3; k++) {
          sum += m[r * 4 + k] * first.m[k * 4 + c];
        }
        product[r * 4 + c] = sum;
      }
    }
    return of(product);
  }

  /** The determinant of the linear part: the signed volume of a unit cube. */
  public double determinant() {
    return m[0] * (m[5] * m[10] - m[6] * m[9])
        - m[1] * (m[4] * m[10] - m[6] * m[8])
        + m[2] * (m[4] * m[9] - m[5] * m[8]);
  }

  /** The inverse map. */
  public Affine inverse() {
    double d = 1 / determinant();
    double[] i = new double[12];
    i[0] = (m[5] * m[10] - m[6] * m[9]) * d;
    i[1] = (m[2] * m[9] - m[1] * m[10]) * d;
    i[2] = (m[1] * m[6] - m[2] * m[5]) * d;
    i[4] = (m[6] * m[8] - m[4] * m[10]) * d;
    i[5] = (m[0] * m[10] - m[2] * m[8]) * d;
    i[6] = (m[2] * m[4] - m[0] * m[6]) * d;
    i[8] = (m[4] * m[9] - m[5] * m[8]) * d;
    i[9] = (m[1] * m[8] - m[0] * m[9]) * d;
    i[10] = (m[0] * m[5] - m[1] * m[4]) * d;
    for (int r = 0; r < 3; r++) {
      i[r * 4 + 3] = -(i[r * 4] * m[3] + i[r * 4 + 1] * m[7] + i[r * 4 + 2] * m[11]);
    }
    return of(i);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affine affine && Arrays.equals(m, affine.m);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(m);
  }

  @Override
  public String toString() {
    return Arrays.toString(m);
  }
}
