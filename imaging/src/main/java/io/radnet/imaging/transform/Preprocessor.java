package io.radnet.imaging.transform;

import io.radnet.imaging.resample.ArgmaxPlan;
import io.radnet.imaging.resample.ResamplePlan;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * The road from a scan to a model's input and back, as a {@link Recipe} says: the same code for
 * training and serving. Safe for several threads.
 */
public final class Preprocessor {
  private final Recipe recipe;
  private final Executor executor;
  private final int parallelism;

  /** A preprocessor for one model that uses all processors by the common pool. */
  public Preprocessor(Recipe recipe) {
    this(recipe, ForkJoinPool.commonPool(), Runtime.getRuntime().availableProcessors());
  }

  /**
   * A preprocessor for one model.
   *
   * @param executor runs slabs of the resampling besides the calling thread
   * @param parallelism threads in all; 1 keeps to the calling thread
   */
  public Preprocessor(Recipe recipe, Executor executor, int parallelism) {
    this.recipe = recipe;
    this.executor = executor;
    this.parallelism = parallelism;
  }

  /**
   * The grid of a scan's input. Task labels: exactly the recipe's grid around the scan's middle, so
   * large scans are cropped and small ones padded, but see {@link #spacingFactor}. Task
   * segmentation: the whole scan, and at least one window.
   */
  public Geometry grid(Geometry scan) {
    return InputGrid.of(recipe, scan);
  }

  /**
   * A slice spacing that a labels model answers is this many times the scan's. The product of two
   * things that fit a scan to the grid. <b>Steps</b>: where the model keeps the scan's own slice
   * spacing and the scan has more than one and a half times the slices of the grid, their ratio,
   * rounded, so that the model sees nearly all of a scan of 500 thin slices and not a stripe of 32.
   * <b>Zoom</b>: where the scan's plane is smaller than the grid's, it is enlarged until its longer
   * side fills the grid, by 3 at most, so that a wrist has as many voxels as a chest; a model that
   * takes the in-plane spacing for the recipe's sees slices that lie as much further apart. 1 for
   * segmentation.
   */
  public double spacingFactor(Geometry scan) {
    return InputGrid.spacingFactor(recipe, scan);
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
    float[] values = new float[Math.toIntExact(grid.voxels())];
    ResamplePlan.of(scan.geometry(), grid)
        .apply(
            scan.voxels(),
            scan.slope(),
            scan.intercept(),
            range.lower(),
            range.upper(),
            values,
            0,
            executor,
            parallelism);
    return new ModelInput(grid, values, spacingFactor(scan.geometry()));
  }

  /**
   * The same values as {@link #prepare}, slab by slab: for scans whose whole input would take much
   * memory.
   *
   * @param scan any grid, any units
   * @param depth slices of the grid that are held at a time
   */
  public InputSlabs slabs(Volume scan, int depth) {
    Geometry grid = grid(scan.geometry());
    IntensityRange range = IntensityRange.of(scan, recipe.intensity());
    ResamplePlan plan = ResamplePlan.of(scan.geometry(), grid);
    return new InputSlabs(
        grid,
        depth,
        (values, offset, from, to) ->
            plan.slab(
                scan.voxels(),
                scan.slope(),
                scan.intercept(),
                range.lower(),
                range.upper(),
                values,
                offset,
                from,
                to,
                executor,
                parallelism));
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
    if (logits.length != classes * inputGrid.voxels()) {
      throw new IllegalArgumentException(
          "logits: "
              + logits.length
              + " for "
              + classes
              + " classes (expected: "
              + inputGrid.voxels()
              + " each)");
    }
    byte[] labels = new byte[Math.toIntExact(scan.voxels())];
    ArgmaxPlan.of(inputGrid, scan).labels(logits, classes, labels, executor, parallelism);
    return new LabelMap(scan, labels, names);
  }
}
