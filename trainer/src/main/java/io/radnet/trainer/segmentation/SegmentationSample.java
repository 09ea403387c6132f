package io.radnet.trainer.segmentation;

import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.volume.LabelMap;

/**
 * A scan with its mask.
 *
 * @param name for messages and reports
 * @param input the whole scan on the recipe's spacing and axes
 * @param mask on the input's grid
 * @param truth on the scan's own grid
 */
public record SegmentationSample(String name, ModelInput input, LabelMap mask, LabelMap truth) {
  /** Checks that input and mask share a grid. */
  public SegmentationSample {
    if (!input.geometry().matches(mask.geometry(), 1e-3)) {
      throw new IllegalArgumentException(name + ": mask on another grid than the input");
    }
  }
}
