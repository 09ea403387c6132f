package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Resampling between two fixed grids, as {@link Resampler} defines it, with rescale, intensity
 * window and normalisation in the same pass. Indices and weights are computed once; a plan can be
 * used again and by several threads, and then allocates nothing of the volume's size.
 *
 * <p>Where the axes of both grids run along each other (a change of spacing, a crop, a mirror
 * image) source slices are interpolated in their plane, kept while target slices need them, and
 * mixed; any other pair of grids is interpolated point by point.
 */
public final class ResamplePlan {
  /** Off-diagonal terms below this, in source voxels over the whole grid, count as none. */
  private static final double ALIGNED = 1e-4;

  private static final float[] NONE = {};
  private static final Output EMPTY = new Output.Floats(NONE, 0);
  private static final Voxels NOTHING = new Voxels.Float32(NONE);

  private final Geometry source;
  private final Geometry target;
  private final SlabSampler sampler;
  private final Pool<SlicedOutput> sliced;
  private final Pool<Call> calls = new Pool<>(Call::new);
  private volatile Mapping last = new Mapping(1, 0, false, 0);

  private ResamplePlan(Geometry source, Geometry target, SlabSampler sampler) {
    this.source = source;
    this.target = target;
    this.sampler = sampler;
    int plane = target.width() * target.height();
    this.sliced = new Pool<>(() -> new SlicedOutput(plane));
  }

  /** A trilinear plan with the fastest kernel of this JVM. */
  public static ResamplePlan of(Geometry source, Geometry target) {
    return of(source, target, Interpolation.LINEAR, Kernel.fastest());
  }

  /**
   * A plan with the fastest kernel of this JVM.
   *
   * @throws IllegalArgumentException where {@link Interpolation#ANTIALIASED} is asked for between
   *     grids whose axes do not run along each other
   */
  public static ResamplePlan of(Geometry source, Geometry target, Interpolation interpolation) {
    return of(source, target, interpolation, Kernel.fastest());
  }

  /** A trilinear plan with the scalar kernel, for comparison. */
  public static ResamplePlan scalar(Geometry source, Geometry target) {
    return of(source, target, Interpolation.LINEAR, new ScalarKernel());
  }

  static ResamplePlan of(
      Geometry source, Geometry target, Interpolation interpolation, Kernel kernel) {
    Affine toSource = source.affine().inverse().after(target.affine());
    return new ResamplePlan(
        source, target, sampler(source, target, toSource, interpolation, kernel));
  }

  private static SlabSampler sampler(
      Geometry source,
      Geometry target,
      Affine toSource,
      Interpolation interpolation,
      Kernel kernel) {
    if (!aligned(toSource, target)) {
      if (interpolation == Interpolation.ANTIALIASED) {
        throw new IllegalArgumentException(
            "antialiased resampling between grids whose axes do not run along each other (resample"
                + " along the axes first)");
      }
      return new ObliqueSampler(source, target, toSource, interpolation, kernel.points());
    }
    return interpolation == Interpolation.LINEAR
        ? new AlignedSampler(source, target, toSource, kernel)
        : new SeparableSampler(source, target, toSource, interpolation, kernel);
  }

  static boolean aligned(Affine toSource, Geometry target) {
    boolean aligned = true;
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        aligned &= r == c || Math.abs(toSource.get(r, c)) * target.size(c) < ALIGNED;
      }
    }
    return aligned;
  }

  /** Whether the axes of both grids run along each other: the fast case. */
  public boolean aligned() {
    return !(sampler instanceof ObliqueSampler);
  }

  /**
   * Resamples and normalises into a float array, see {@link #apply(Voxels, double, double, double,
   * double, Output, Executor, int)}.
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
    Mapping mapping = window(slope, intercept, lower, upper);
    run(voxels, mapping, out, offset, null, executor, parallelism);
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
   * @param executor runs slabs besides the calling thread
   * @param parallelism threads in all, the caller's included; with 1 the executor is not used
   */
  public void apply(
      Voxels voxels,
      double slope,
      double intercept,
      double lower,
      double upper,
      Output out,
      Executor executor,
      int parallelism) {
    Mapping mapping = window(slope, intercept, lower, upper);
    if (out instanceof Output.Floats floats) {
      run(voxels, mapping, floats.values(), floats.offset(), null, executor, parallelism);
    } else {
      run(voxels, mapping, NONE, 0, out, executor, parallelism);
    }
  }

  /**
   * As {@link #apply(Voxels, double, double, double, double, float[], int, Executor, int)}, but
   * only the target slices [{@code from}, {@code to}): slab by slab the same values come out as in
   * one go. Cubic interpolation filters the whole source in each call, so few thick slabs are
   * better there than many thin ones.
   *
   * @param out gets these slices
   * @param offset where in {@code out} the slice {@code from} begins
   */
  public void slab(
      Voxels voxels,
      double slope,
      double intercept,
      double lower,
      double upper,
      float[] out,
      int offset,
      int from,
      int to,
      Executor executor,
      int parallelism) {
    if (from < 0 || to > target.depth()) {
      throw new IllegalArgumentException(
          "slices: " + from + " to " + to + " (expected: 0 to " + target.depth() + ")");
    }
    int plane = target.width() * target.height();
    check(voxels, offset < 0 ? -1 : out.length - offset, (long) plane * Math.max(0, to - from));
    Mapping mapping = window(slope, intercept, lower, upper);
    // Slices are addressed from the first of the grid on, which may lie before the array.
    run(voxels, mapping, out, offset - from * plane, null, from, to, executor, parallelism);
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
    Mapping mapping = mapping((float) slope, (float) intercept, false, outside);
    run(voxels, mapping, out, offset, null, executor, parallelism);
  }

  private Mapping window(double slope, double intercept, double lower, double upper) {
    boolean window = upper > lower;
    double scale = window ? slope / (upper - lower) : 0;
    double shift = window ? (intercept - lower) / (upper - lower) : 0;
    return mapping((float) scale, (float) shift, true, 0);
  }

  private Mapping mapping(float scale, float shift, boolean normalised, float outside) {
    Mapping known = last;
    if (!known.is(scale, shift, normalised, outside)) {
      known = new Mapping(scale, shift, normalised, outside);
      last = known;
    }
    return known;
  }

  private void run(
      Voxels voxels,
      Mapping mapping,
      float[] floats,
      int offset,
      @Nullable Output other,
      Executor executor,
      int parallelism) {
    int room = other != null ? other.room() : offset < 0 ? -1 : floats.length - offset;
    check(voxels, room, target.voxels());
    run(voxels, mapping, floats, offset, other, 0, target.depth(), executor, parallelism);
  }

  private void run(
      Voxels voxels,
      Mapping mapping,
      float[] floats,
      int offset,
      @Nullable Output other,
      int from,
      int to,
      Executor executor,
      int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism: " + parallelism + " (expected: >= 1)");
    }
    Call call = calls.take();
    Voxels prepared = sampler.prepare(voxels, call.slabs, executor, parallelism);
    try {
      call.set(prepared, mapping, floats, offset, other);
      call.slabs.run(from, to, executor, parallelism, call);
    } finally {
      sampler.done(prepared);
      call.set(NOTHING, mapping, NONE, 0, null);
      calls.give(call);
    }
  }

  private void check(Voxels voxels, int room, long needed) {
    if (voxels.length() != source.voxels()) {
      throw new IllegalArgumentException(
          "voxels: " + voxels.length() + " (expected: " + source.voxels() + ")");
    }
    if (room < needed) {
      throw new IllegalArgumentException("room: " + room + " (expected: >= " + needed + ")");
    }
  }

  /** The arguments of one call, for the slabs; used again by later calls. */
  private final class Call implements Slabs.Work {
    private final Slabs slabs = new Slabs();
    private Voxels voxels = NOTHING;
    private Mapping mapping = last;
    private float[] floats = NONE;
    private int offset;
    private @Nullable Output other;

    void set(Voxels voxels, Mapping mapping, float[] floats, int offset, @Nullable Output other) {
      this.voxels = voxels;
      this.mapping = mapping;
      this.floats = floats;
      this.offset = offset;
      this.other = other;
    }

    @Override
    public void run(int from, int to) {
      if (other == null) {
        int at = offset + from * target.width() * target.height();
        sampler.slab(voxels, mapping, floats, at, from, to);
      } else {
        SlicedOutput slices = sliced.take();
        slices.into(other);
        sampler.slices(voxels, mapping, slices.slice(), from, to, slices);
        slices.into(EMPTY);
        sliced.give(slices);
      }
    }
  }

  /** What happens to an interpolated stored value. */
  record Mapping(float scale, float shift, boolean normalised, float outside) {
    boolean is(float scale, float shift, boolean normalised, float outside) {
      return this.scale == scale
          && this.shift == shift
          && this.normalised == normalised
          && Float.compare(this.outside, outside) == 0;
    }

    /** Maps {@code p + f (q - p)}. */
    void map(
        Kernel kernel, float[] p, float[] q, int from, float f, float[] out, int at, int count) {
      if (normalised) {
        kernel.mixNormalised(p, q, from, f, scale, shift, out, at, count);
      } else {
        kernel.mix(p, q, from, f, scale, shift, out, at, count);
      }
    }

    /** Maps interpolated values. */
    void map(PointKernel kernel, float[] line, int from, float[] out, int at, int count) {
      if (normalised) {
        kernel.mapNormalised(line, from, scale, shift, out, at, count);
      } else {
        kernel.map(line, from, scale, shift, out, at, count);
      }
    }
  }

  /** Takes target slice k. */
  @FunctionalInterface
  interface SliceSink {
    void accept(int k);
  }

  /** One way to fill target slices; safe for several threads. */
  sealed interface SlabSampler permits AlignedSampler, ObliqueSampler, SeparableSampler {
    /** Fills the target slices [from, to); the first goes to {@code at}. */
    void slab(Voxels voxels, Mapping mapping, float[] out, int at, int from, int to);

    /** Fills {@code slice} with each of the target slices [from, to) in turn. */
    void slices(Voxels voxels, Mapping mapping, float[] slice, int from, int to, SliceSink sink);

    /** What a call needs before any slab: the voxels themselves, or coefficients of them. */
    default Voxels prepare(Voxels voxels, Slabs slabs, Executor executor, int parallelism) {
      return voxels;
    }

    /** Takes back what {@link #prepare} gave. */
    default void done(Voxels prepared) {}
  }
}
