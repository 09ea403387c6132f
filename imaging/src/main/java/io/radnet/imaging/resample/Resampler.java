package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;

/**
 * Resampling in world space between any two affine grids, tilted and mirrored ones included. This
 * is the readable reference in double precision; {@link ResamplePlan} gives the same values fast.
 *
 * <p>Alignment: a voxel is a cell of one voxel's size around its centre, so a grid of n voxels
 * covers the indices from -0.5 to n - 0.5. Two grids that cover the same box are related exactly as
 * in PyTorch's {@code interpolate(align_corners=False)}.
 *
 * <p>Edges: within the outer half voxel the border value holds (the index is clamped to [0, n -
 * 1]); beyond it lies {@code outside}, or background for masks.
 */
public final class Resampler {
  /** How far beyond the outer face, in voxels, still counts as inside: rounding of two affines. */
  static final double FACE_TOLERANCE = 1e-4;

  private Resampler() {}

  /**
   * Trilinear interpolation.
   *
   * @param source values with slope and intercept
   * @param target the wanted grid
   * @param outside the value of target voxels whose centre lies outside the source
   * @return float32 values in the units of the source (slope 1, intercept 0)
   */
  public static Volume resample(Volume source, Geometry target, float outside) {
    Geometry grid = source.geometry();
    Voxels voxels = source.voxels();
    Affine toSource = grid.affine().inverse().after(target.affine());
    float[] values = new float[Math.toIntExact(target.voxels())];
    int index = 0;
    for (int k = 0; k < target.depth(); k++) {
      for (int j = 0; j < target.height(); j++) {
        for (int i = 0; i < target.width(); i++, index++) {
          double x = along(toSource, 0, i, j, k);
          double y = along(toSource, 1, i, j, k);
          double z = along(toSource, 2, i, j, k);
          values[index] =
              inside(grid, x, y, z)
                  ? (float) (source.slope() * trilinear(voxels, grid, x, y, z) + source.intercept())
                  : outside;
        }
      }
    }
    return Volume.of(target, values);
  }

  /** Nearest neighbour; halfway between two voxels the one of the higher index counts. */
  public static LabelMap resample(LabelMap source, Geometry target) {
    Geometry grid = source.geometry();
    Affine toSource = grid.affine().inverse().after(target.affine());
    byte[] labels = new byte[Math.toIntExact(target.voxels())];
    int index = 0;
    for (int k = 0; k < target.depth(); k++) {
      for (int j = 0; j < target.height(); j++) {
        for (int i = 0; i < target.width(); i++, index++) {
          double x = along(toSource, 0, i, j, k);
          double y = along(toSource, 1, i, j, k);
          double z = along(toSource, 2, i, j, k);
          if (inside(grid, x, y, z)) {
            int a = nearest(x, grid.width());
            int b = nearest(y, grid.height());
            int c = nearest(z, grid.depth());
            labels[index] = source.labels()[(c * grid.height() + b) * grid.width() + a];
          }
        }
      }
    }
    return new LabelMap(target, labels, source.names());
  }

  private static double along(Affine affine, int row, int i, int j, int k) {
    return affine.get(row, 0) * i
        + affine.get(row, 1) * j
        + affine.get(row, 2) * k
        + affine.get(row, 3);
  }

  private static boolean inside(Geometry grid, double x, double y, double z) {
    double low = -0.5 - FACE_TOLERANCE;
    double high = -0.5 + FACE_TOLERANCE;
    return x >= low
        && y >= low
        && z >= low
        && x <= grid.width() + high
        && y <= grid.height() + high
        && z <= grid.depth() + high;
  }

  private static int nearest(double x, int size) {
    return Math.max(0, Math.min(size - 1, (int) Math.floor(x + 0.5)));
  }

  private static double trilinear(Voxels voxels, Geometry grid, double x, double y, double z) {
    double cx = Math.max(0, Math.min(grid.width() - 1, x));
    double cy = Math.max(0, Math.min(grid.height() - 1, y));
    double cz = Math.max(0, Math.min(grid.depth() - 1, z));
    int x0 = (int) cx;
    int y0 = (int) cy;
    int z0 = (int) cz;
    double fx = cx - x0;
    double fy = cy - y0;
    double fz = cz - z0;
    int dx = x0 + 1 < grid.width() ? 1 : 0;
    int dy = y0 + 1 < grid.height() ? grid.width() : 0;
    int dz = z0 + 1 < grid.depth() ? grid.width() * grid.height() : 0;
    int base = (z0 * grid.height() + y0) * grid.width() + x0;
    return lerp(
        fz,
        lerp(fy, row(voxels, base, dx, fx), row(voxels, base + dy, dx, fx)),
        lerp(fy, row(voxels, base + dz, dx, fx), row(voxels, base + dz + dy, dx, fx)));
  }

  private static double row(Voxels voxels, int base, int dx, double fx) {
    return lerp(fx, voxels.stored(base), voxels.stored(base + dx));
  }

  private static double lerp(double f, double a, double b) {
    return a + f * (b - a);
  }
}
