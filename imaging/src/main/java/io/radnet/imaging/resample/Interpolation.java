package io.radnet.imaging.resample;

/** How values between voxel centres, or of several voxels at once, become one. */
public enum Interpolation {
  /** The nearest voxel; halfway between two the one of the higher index. */
  NEAREST,
  /** Trilinear: the default, and the fastest. */
  LINEAR,
  /**
   * Cubic B-spline through the voxels (Unser 1999, "Splines: a perfect fit for signal and image
   * processing"): smoother than trilinear, may overshoot near edges. The scan is continued as its
   * mirror image beyond the outermost voxel centres.
   */
  CUBIC,
  /**
   * Trilinear with its triangle widened to the target's voxel where that is the larger one, so that
   * a strong reduction averages instead of picking; the same as {@link #LINEAR} where the target is
   * finer. As PyTorch's {@code interpolate(antialias=True)}. Only between grids whose axes run
   * along each other.
   */
  ANTIALIASED
}
