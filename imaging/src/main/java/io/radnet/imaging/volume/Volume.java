package io.radnet.imaging.volume;

/**
 * A 3D image: a grid in the patient and one value per voxel, {@code value = slope * stored +
 * intercept} (HU for CT, scanner units for MR, Bq/ml or g/ml for PET). Interpolated linearly where
 * resampled; masks are {@link LabelMap}s.
 *
 * @param geometry the grid, LPS mm
 * @param voxels stored values, as many as the grid has voxels
 * @param slope rescale slope
 * @param intercept rescale intercept
 */
public record Volume(Geometry geometry, Voxels voxels, double slope, double intercept) {
  /** Checks that grid and values agree. */
  public Volume {
    if (geometry.voxels() != voxels.length()) {
      throw new IllegalArgumentException(
          "voxels: " + voxels.length() + " (expected: " + geometry.voxels() + ")");
    }
    if (!Double.isFinite(slope) || slope == 0 || !Double.isFinite(intercept)) {
      throw new IllegalArgumentException(
          "rescale: " + slope + ", " + intercept + " (expected: finite, slope not 0)");
    }
  }

  /** A volume of plain float values. */
  public static Volume of(Geometry geometry, float[] values) {
    return new Volume(geometry, new Voxels.Float32(values), 1, 0);
  }

  /** The value at a linear index. */
  public double value(int index) {
    return slope * voxels.stored(index) + intercept;
  }

  /** The value at column i, row j, slice k. */
  public double value(int i, int j, int k) {
    return value((k * geometry.height() + j) * geometry.width() + i);
  }
}
