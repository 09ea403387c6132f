package io.radnet.imaging.volume;

/**
 * A voxel grid in the patient. Voxel (i, j, k) counts columns, rows and slices; its centre lies at
 * {@code affine.apply(i, j, k)} in mm, in DICOM's LPS system (x to the patient's left, y to
 * posterior, z to superior). In memory i runs fastest: {@code (k * height + j) * width + i}, so as
 * an array the shape is [depth, height, width].
 *
 * @param width voxels along i
 * @param height voxels along j
 * @param depth voxels along k
 * @param affine voxel index to LPS mm
 */
public record Geometry(int width, int height, int depth, Affine affine) {
  private static final double SHEAR_TOLERANCE = 1e-3;

  /** Checks the sizes. */
  public Geometry {
    if (width < 1 || height < 1 || depth < 1) {
      throw new IllegalArgumentException(
          "grid: " + width + "x" + height + "x" + depth + " (expected: every side >= 1)");
    }
  }

  /** A grid along the patient's axes with its first voxel centre at the origin; spacings in mm. */
  public static Geometry axisAligned(
      int width, int height, int depth, double spacingI, double spacingJ, double spacingK) {
    return new Geometry(width, height, depth, Affine.scaling(spacingI, spacingJ, spacingK));
  }

  /** The number of voxels. */
  public long voxels() {
    return (long) width * height * depth;
  }

  /** The size along axis 0 (i), 1 (j) or 2 (k). */
  public int size(int axis) {
    return switch (axis) {
      case 0 -> width;
      case 1 -> height;
      case 2 -> depth;
      default -> throw new IllegalArgumentException("axis: " + axis + " (expected: 0, 1 or 2)");
    };
  }

  /** Distance in mm between neighbours along axis 0 (i), 1 (j) or 2 (k). */
  public double spacing(int axis) {
    double[] step = affine.column(axis);
    return Math.sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2]);
  }

  /** The unit vector in LPS along axis 0 (i), 1 (j) or 2 (k). */
  public double[] direction(int axis) {
    double[] step = affine.column(axis);
    double length = spacing(axis);
    return new double[] {step[0] / length, step[1] / length, step[2] / length};
  }

  /** The volume of a voxel in millilitres. */
  public double voxelMillilitres() {
    return Math.abs(affine.determinant()) / 1000;
  }

  /** Whether the axes are not at right angles to each other (a tilted stack). */
  public boolean sheared() {
    for (int a = 0; a < 3; a++) {
      for (int b = a + 1; b < 3; b++) {
        double[] u = direction(a);
        double[] v = direction(b);
        if (Math.abs(u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) > SHEAR_TOLERANCE) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The same space on a grid of other size whose voxel (0, 0, 0) is this grid's voxel (i, j, k).
   */
  public Geometry window(int i, int j, int k, int newWidth, int newHeight, int newDepth) {
    double[] a = affine.toArray();
    double[] origin = affine.apply(i, j, k);
    a[3] = origin[0];
    a[7] = origin[1];
    a[11] = origin[2];
    return new Geometry(newWidth, newHeight, newDepth, Affine.of(a));
  }

  /**
   * Whether sizes are equal and no voxel centre lies more than {@code tolerance} mm from its
   * counterpart.
   */
  public boolean matches(Geometry other, double tolerance) {
    if (width != other.width || height != other.height || depth != other.depth) {
      return false;
    }
    for (int corner = 0; corner < 8; corner++) {
      double i = (corner & 1) == 0 ? 0 : width - 1;
      double j = (corner & 2) == 0 ? 0 : height - 1;
      double k = (corner & 4) == 0 ? 0 : depth - 1;
      double[] p = affine.apply(i, j, k);
      double[] q = other.affine.apply(i, j, k);
      if (Math.sqrt(Math.pow(p[0] - q[0], 2) + Math.pow(p[1] - q[1], 2) + Math.pow(p[2] - q[2], 2))
          > tolerance) {
        return false;
      }
    }
    return true;
  }

  /**
   * The smallest grid that holds this one and whose third axis is perpendicular to the first two:
   * the same rows and columns directions and spacings, slices at their distance along the normal.
   */
  public Geometry upright() {
    double[] u = direction(0);
    double[] v = direction(1);
    double[] n = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    double[] step = affine.column(2);
    double along = step[0] * n[0] + step[1] * n[1] + step[2] * n[2];
    double shiftI = (step[0] * u[0] + step[1] * u[1] + step[2] * u[2]) / spacing(0) * (depth - 1);
    double shiftJ = (step[0] * v[0] + step[1] * v[1] + step[2] * v[2]) / spacing(1) * (depth - 1);
    int left = (int) Math.ceil(Math.max(0, -shiftI) - 1e-6);
    int above = (int) Math.ceil(Math.max(0, -shiftJ) - 1e-6);
    int right = (int) Math.ceil(Math.max(0, shiftI) - 1e-6);
    int below = (int) Math.ceil(Math.max(0, shiftJ) - 1e-6);
    double[] a = affine.toArray();
    for (int axis = 0; axis < 3; axis++) {
      a[axis * 4 + 2] = n[axis] * along;
    }
    Geometry straight = new Geometry(width, height, depth, Affine.of(a));
    return straight.window(-left, -above, 0, width + left + right, height + above + below, depth);
  }
}
