package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Geometry;

/**
 * A scan on a model's grid: values in [0, 1], layout [D, H, W], and where that grid lies in the
 * patient.
 *
 * @param geometry the grid (width = W, height = H, depth = D)
 * @param values shared, treat as read-only
 * @param spacingFactor the slice spacing that a labels model sees in slice spacings of the scan,
 *     see {@link Preprocessor#spacingFactor}
 */
public record ModelInput(Geometry geometry, float[] values, double spacingFactor) {
  /** An input whose slices are as far apart as its recipe says. */
  public ModelInput(Geometry geometry, float[] values) {
    this(geometry, values, 1);
  }
}
