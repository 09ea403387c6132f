package io.radnet.benchmarks.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;

/** Grids that divide the same box into other numbers of voxels, as PyTorch's interpolate does. */
public final class SameBox {
  private SameBox() {}

  /**
   * The box of a grid of unit voxels, the first of which lies at the origin, divided anew.
   *
   * @param box voxels of the unit grid: depth, height, width
   * @param sides voxels of the wanted grid: depth, height, width
   */
  public static Geometry divided(int[] box, int[] sides) {
    double d = (double) box[0] / sides[0];
    double h = (double) box[1] / sides[1];
    double w = (double) box[2] / sides[2];
    return new Geometry(
        sides[2],
        sides[1],
        sides[0],
        Affine.of(
            w,
            0,
            0,
            (w - 1) / 2, //
            0,
            h,
            0,
            (h - 1) / 2, //
            0,
            0,
            d,
            (d - 1) / 2));
  }
}
