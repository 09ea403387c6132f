package io.radnet.imaging.transform;

import io.radnet.imaging.resample.Resampler;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.util.Map;

/**
 * The road from a scan to a model's input and back, as a {@link Recipe} says: the same code for
 * training and serving. Safe for several threads.
 */
public final class Preprocessor {
  private final Recipe recipe;

  /** A preprocessor for one model. */
  public Preprocessor(Recipe recipe) {
    this.recipe = recipe;
  }

  /**
   * The grid of a scan's input. Task labels: exactly the recipe's grid around the scan's middle, so
   * large scans are cropped and small ones padded. Task segmentation: the whole scan, and at least
   * one window.
   */
  public Geometry grid(Geometry scan) {
    return InputGrid.of(recipe, scan);
  }

  /**
   * Resamples to {@link #grid} (trilinear), maps intensities to [0, 1] and clamps them. Outside the
   * scan, and where a voxel is no number, the input is 0.
   *
   * @param scan any grid, any units
   */
  public ModelInput prepare(Volume scan) {
    Geometry grid = grid(scan.geometry());
    IntensityRange range = IntensityRange.of(scan, recipe.intensity());
    Volume resampled = Resampler.resample(scan, grid, Float.NaN);
    float[] values = ((Voxels.Float32) resampled.voxels()).values();
    double scale = range.upper() > range.lower() ? 1 / (range.upper() - range.lower()) : 0;
    for (int i = 0; i < values.length; i++) {
      double value = (values[i] - range.lower()) * scale;
      values[i] = value > 0 ? (float) Math.min(1, value) : 0; // NaN is not above 0
    }
    return new ModelInput(grid, values);
  }

  /**
   * The mask of the largest logit on the scan's own grid: trilinear interpolation of the logits and
   * the choice of the class are one pass. Equal logits give the lowest class; scan voxels outside
   * the input grid are background.
   *
   * @param logits [C, D, H, W] on {@code inputGrid}
   * @param classes C, at most 256
   * @param inputGrid the grid of the {@link ModelInput}
   * @param scan the wanted grid
   * @param names class to name, background left out
   */
  public LabelMap restoreMask(
      float[] logits, int classes, Geometry inputGrid, Geometry scan, Map<Integer, String> names) {
    return new MaskRestorer(logits, classes, inputGrid, scan).restore(names);
  }
}
