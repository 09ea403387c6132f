package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * Trilinear resampling between two fixed grids, as {@link Resampler} defines it, with rescale,
 * intensity window and normalisation in the same pass. Indices and weights are computed once; a
 * plan can be used again and by several threads, and then allocates nothing of the volume's size.
 *
 * <p>Where the axes of both grids run along each other (a change of spacing, a crop, a mirror
 * image) source slices are interpolated in their plane, kept while target slices need them, and
 * mixed; any other pair of grids is interpolated point by point.
 */
public final class ResamplePlan {
  /** Off-diagonal terms below this, in source voxels over the whole grid, count as none. */
  private static final double ALIGNED = 1e-4;

  private final Geometry source;
  private final Geometry target;
  private final SlabSampler sampler;

  private ResamplePlan(Geometry source, Geometry target, SlabSampler sampler) {
    this.source = source;
    this.target = target;
    this.sampler = sampler;
  }

  /** A plan with the fastest kernel of this JVM. */
  public static ResamplePlan of(Geometry source, Geometry target) {
    return of(source, target, Kernel.fastest());
  }

  /** A plan with the scalar kernel, for comparison. */
  public static ResamplePlan scalar(Geometry source, Geometry target) {
    return of(source, target, new ScalarKernel());
  }

  static ResamplePlan of(Geometry source, Geometry target, Kernel kernel) {
    Affine toSource = source.affine().inverse().after(target.affine());
    boolean aligned = true;
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        aligned &= r == c || Math.abs(toSource.get(r, c)) * target.size(c) < ALIGNED;
      }
    }
    return new ResamplePlan(
        source,
        target,
        aligned
            ? new AlignedSampler(source, target, toSource, kernel)
            : new ObliqueSampler(source, target, toSource));
  }

  /** Whether the axes of both grids run along each other: the fast case. */
  public boolean aligned() {
    return sampler instanceof AlignedSampler;
  }

  /**
   * Resamples and normalises: {@code (slope v + intercept - lower) / (upper - lower)}, cut to [0,
   * 1]. Outside the source, and where a value is no number, the result is 0; where {@code upper} is
   * not above {@code lower}, all is 0.
   *
   * @param voxels stored values of the source grid
   * @param slope rescale slope
   * @param intercept rescale intercept
   * @param lower becomes 0
   * @param upper becomes 1
   * @param out gets the target's voxels, layout [D, H, W]
   * @param offset of the first voxel in {@code out}
   * @param executor runs slabs besides the calling thread
   * @param parallelism threads in all, the caller's included; with 1 the executor is not used
   */
  public void apply(
      Voxels voxels,
      double slope,
      double intercept,
      double lower,
      double upper,
      float[] out,
      int offset,
      Executor executor,
      int parallelism) {
    if (!(upper > lower)) {
      check(voxels, out, offset);
      Arrays.fill(out, offset, offset + (int) target.voxels(), 0);
      return;
    }
    double scale = slope / (upper - lower);
    double shift = (intercept - lower) / (upper - lower);
    run(
        voxels,
        new Mapping((float) scale, (float) shift, true, 0),
        out,
        offset,
        executor,
        parallelism);
  }

  /**
   * Resamples to values in the scan's units: {@code slope v + intercept}.
   *
   * @param outside the value of voxels outside the source
   */
  public void values(
      Voxels voxels,
      double slope,
      double intercept,
      float outside,
      float[] out,
      int offset,
      Executor executor,
      int parallelism) {
    run(
        voxels,
        new Mapping((float) slope, (float) intercept, false, outside),
        out,
        offset,
        executor,
        parallelism);
  }

  private void run(
      Voxels voxels, Mapping mapping, float[] out, int offset, Executor executor, int parallelism) {
    check(voxels, out, offset);
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism: " + parallelism + " (expected: >= 1)");
    }
    Slabs.run(
        0,
        target.depth(),
        executor,
        parallelism,
        (from, to) -> sampler.slab(voxels, mapping, out, offset, from, to));
  }

  private void check(Voxels voxels, float[] out, int offset) {
    if (voxels.length() != source.voxels()) {
      throw new IllegalArgumentException(
          "voxels: " + voxels.length() + " (expected: " + source.voxels() + ")");
    }
    if (offset < 0 || out.length - offset < target.voxels()) {
      throw new IllegalArgumentException(
          "room: " + (out.length - offset) + " (expected: >= " + target.voxels() + ")");
    }
  }

  /** What happens to an interpolated stored value. */
  record Mapping(float scale, float shift, boolean normalised, float outside) {}

  /** One way to fill target slices; safe for several threads. */
  sealed interface SlabSampler permits AlignedSampler, ObliqueSampler {
    /** Fills the target slices [from, to). */
    void slab(Voxels voxels, Mapping mapping, float[] out, int offset, int from, int to);
  }
}
