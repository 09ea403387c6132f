package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Geometry;

/**
 * A scan on a model's grid: values in [0, 1], layout [D, H, W], and where that grid lies in the
 * patient.
 *
 * @param geometry the grid (width = W, height = H, depth = D)
 * @param values shared, treat as read-only
 * @param sliceStep the grid's slice spacing in slice spacings of the scan: above 1 only where a
 *     labels model sees a scan of many slices, see {@link Preprocessor#sliceStep}
 */
public record ModelInput(Geometry geometry, float[] values, int sliceStep) {
  /** An input whose slices are as far apart as its recipe says. */
  public ModelInput(Geometry geometry, float[] values) {
    this(geometry, values, 1);
  }
}
