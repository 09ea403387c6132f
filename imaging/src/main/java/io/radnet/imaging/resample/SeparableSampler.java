package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * Interpolation with any number of taps between grids whose axes run along each other. Source
 * slices are interpolated in their plane, kept while target slices need them, and summed.
 */
final class SeparableSampler implements ResamplePlan.SlabSampler {
  private final Geometry source;
  private final int width;
  private final int height;
  private final TapTable x;
  private final TapTable y;
  private final TapTable z;
  private final Kernel kernel;
  private final boolean cubic;
  private final Pool<Scratch> free;
  private final Pool<Voxels.Float32> coefficients;

  /** What one thread needs; kept for the next call. */
  private static final class Scratch {
    final float[] line;
    final float[] sum;
    final float[][] planes;
    final int[] slices;

    Scratch(int line, int plane, int kept) {
      this.line = new float[line];
      this.sum = new float[plane];
      this.planes = new float[kept][plane];
      this.slices = new int[kept];
    }
  }

  SeparableSampler(
      Geometry source,
      Geometry target,
      Affine toSource,
      Interpolation interpolation,
      Kernel kernel) {
    this.source = source;
    this.coefficients =
        new Pool<>(() -> new Voxels.Float32(new float[Math.toIntExact(source.voxels())]));
    this.width = target.width();
    this.height = target.height();
    this.kernel = kernel;
    this.cubic = interpolation == Interpolation.CUBIC;
    this.x = table(interpolation, source, target, toSource, 0);
    this.y = table(interpolation, source, target, toSource, 1);
    this.z = table(interpolation, source, target, toSource, 2);
    this.free = new Pool<>(() -> new Scratch(source.width(), x.count() * y.count(), z.taps()));
  }

  private static TapTable table(
      Interpolation interpolation, Geometry source, Geometry target, Affine toSource, int axis) {
    return TapTable.of(
        interpolation,
        source.size(axis),
        target.size(axis),
        toSource.get(axis, axis),
        toSource.get(axis, 3));
  }

  @Override
  public Voxels prepare(Voxels voxels, Slabs slabs, Executor executor, int parallelism) {
    if (!cubic) {
      return voxels;
    }
    Voxels.Float32 kept = coefficients.take();
    SplineFilter.coefficients(voxels, source, kept.values(), slabs, executor, parallelism);
    return kept;
  }

  @Override
  public void done(Voxels prepared) {
    if (cubic && prepared instanceof Voxels.Float32 floats) {
      coefficients.give(floats);
    }
  }

  @Override
  public void slab(
      Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int from, int to) {
    Scratch scratch = taken();
    for (int k = from; k < to; k++) {
      target(voxels, mapping, out, at + (k - from) * width * height, k, scratch);
    }
    free.give(scratch);
  }

  @Override
  public void slices(
      Voxels voxels,
      ResamplePlan.Mapping mapping,
      float[] slice,
      int from,
      int to,
      ResamplePlan.SliceSink sink) {
    Scratch scratch = taken();
    for (int k = from; k < to; k++) {
      target(voxels, mapping, slice, 0, k, scratch);
      sink.accept(k);
    }
    free.give(scratch);
  }

  private Scratch taken() {
    Scratch scratch = free.take();
    Arrays.fill(scratch.slices, -1);
    return scratch;
  }

  private void target(
      Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int k, Scratch scratch) {
    if (k < z.from() || k >= z.to() || x.count() == 0 || y.count() == 0) {
      Arrays.fill(out, at, at + width * height, mapping.outside());
    } else {
      slice(voxels, mapping, out, at, k - z.from(), scratch);
    }
  }

  private void slice(
      Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int n, Scratch scratch) {
    int plane = x.count() * y.count();
    boolean first = true;
    for (int t = 0; t < z.taps(); t++) {
      float w = z.weight(t, n);
      if (w != 0) {
        kernel.weigh(loaded(voxels, z.low()[n] + t, scratch), 0, w, scratch.sum, plane, !first);
        first = false;
      }
    }
    int columns = x.count();
    Arrays.fill(out, at, at + y.from() * width, mapping.outside());
    Arrays.fill(out, at + y.to() * width, at + height * width, mapping.outside());
    for (int j = 0; j < y.count(); j++) {
      int row = at + (y.from() + j) * width;
      Arrays.fill(out, row, row + x.from(), mapping.outside());
      mapping.map(kernel, scratch.sum, scratch.sum, j * columns, 0, out, row + x.from(), columns);
      Arrays.fill(out, row + x.to(), row + width, mapping.outside());
    }
  }

  /** A source slice interpolated in its plane; neighbours never share a place in the ring. */
  private float[] loaded(Voxels voxels, int slice, Scratch scratch) {
    int place = slice % scratch.planes.length;
    if (scratch.slices[place] != slice) {
      plane(voxels, slice, scratch.planes[place], scratch.line);
      scratch.slices[place] = slice;
    }
    return scratch.planes[place];
  }

  private void plane(Voxels voxels, int slice, float[] plane, float[] line) {
    int lastLow = Math.max(x.low()[0], x.low()[x.count() - 1]);
    int count = lastLow + x.taps();
    for (int j = 0; j < y.count(); j++) {
      boolean first = true;
      for (int t = 0; t < y.taps(); t++) {
        float w = y.weight(t, j);
        if (w != 0) {
          int row = (slice * source.height() + y.low()[j] + t) * source.width();
          row(voxels, row, w, line, count, !first);
          first = false;
        }
      }
      kernel.gather(line, x.low(), x.weight(), x.taps(), plane, j * x.count(), x.count());
    }
  }

  private void row(Voxels voxels, int row, float w, float[] line, int count, boolean add) {
    if (voxels instanceof Voxels.Int16 shorts) {
      kernel.weigh(shorts.values(), row, w, line, count, add);
    } else if (voxels instanceof Voxels.UInt8 bytes) {
      kernel.weigh(bytes.values(), row, w, line, count, add);
    } else if (voxels instanceof Voxels.Float32 floats) {
      kernel.weigh(floats.values(), row, w, line, count, add);
    }
  }
}
