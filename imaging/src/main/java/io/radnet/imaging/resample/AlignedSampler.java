package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.Arrays;

/**
 * Interpolates source slices in their plane (first along columns, over whole contiguous rows, then
 * along rows), keeps the last two, and mixes them into target slices. Neighbouring target slices
 * share source slices, so each is read once per slab.
 */
final class AlignedSampler implements ResamplePlan.SlabSampler {
  private final int sourceWidth;
  private final int sourceHeight;
  private final int width;
  private final int height;
  private final AxisTable x;
  private final AxisTable y;
  private final AxisTable z;
  private final boolean deep;
  private final Kernel kernel;
  private final LinePass across;
  private final boolean inOrder;
  private final Pool<Scratch> free;

  /** What one thread needs; kept for the next call. */
  private static final class Scratch {
    final float[] line;
    float[] low;
    float[] high;
    int lowSlice;
    int highSlice;
    int touched;

    Scratch(int line, int plane) {
      this.line = new float[line];
      this.low = new float[plane];
      this.high = new float[plane];
    }
  }

  AlignedSampler(Geometry source, Geometry target, Affine toSource, Kernel kernel) {
    this.sourceWidth = source.width();
    this.sourceHeight = source.height();
    this.width = target.width();
    this.height = target.height();
    this.deep = source.depth() > 1;
    this.kernel = kernel;
    this.x = AxisTable.linear(source.width(), width, toSource.get(0, 0), toSource.get(0, 3));
    this.y = AxisTable.linear(source.height(), height, toSource.get(1, 1), toSource.get(1, 3));
    this.z =
        AxisTable.linear(source.depth(), target.depth(), toSource.get(2, 2), toSource.get(2, 3));
    this.across = kernel.linePass(x);
    this.inOrder = ReadAhead.pays(toSource.get(1, 1));
    int line = sourceWidth + 1 + LinePass.SLACK;
    this.free = new Pool<>(() -> new Scratch(line, x.count() * y.count()));
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
    scratch.lowSlice = -1;
    scratch.highSlice = -1;
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
    int lower = z.low()[n];
    float f = z.weight()[n];
    load(voxels, lower, deep && f > 0 ? lower + 1 : lower, scratch);
    float[] p = scratch.low;
    float[] q = deep && f > 0 ? scratch.high : p;
    int columns = x.count();
    Arrays.fill(out, at, at + y.from() * width, mapping.outside());
    Arrays.fill(out, at + y.to() * width, at + height * width, mapping.outside());
    if (columns == width) {
      mapping.map(kernel, p, q, 0, f, out, at + y.from() * width, columns * y.count());
      return;
    }
    for (int j = 0; j < y.count(); j++) {
      int row = at + (y.from() + j) * width;
      Arrays.fill(out, row, row + x.from(), mapping.outside());
      mapping.map(kernel, p, q, j * columns, f, out, row + x.from(), columns);
      Arrays.fill(out, row + x.to(), row + width, mapping.outside());
    }
  }

  /** Makes {@code low} and {@code high} hold these source slices, moving what is there already. */
  private void load(Voxels voxels, int lower, int upper, Scratch scratch) {
    if (scratch.lowSlice != lower) {
      if (scratch.highSlice == lower || scratch.lowSlice == upper) {
        float[] plane = scratch.low;
        int slice = scratch.lowSlice;
        scratch.low = scratch.high;
        scratch.lowSlice = scratch.highSlice;
        scratch.high = plane;
        scratch.highSlice = slice;
      }
      if (scratch.lowSlice != lower) {
        plane(voxels, lower, scratch.low, scratch);
        scratch.lowSlice = lower;
      }
    }
    if (upper != lower && scratch.highSlice != upper) {
      plane(voxels, upper, scratch.high, scratch);
      scratch.highSlice = upper;
    }
  }

  private void plane(Voxels voxels, int slice, float[] plane, Scratch scratch) {
    float[] line = scratch.line;
    // the columns that are used, and one more for the upper neighbour
    int lastLow = Math.max(x.low()[0], x.low()[x.count() - 1]);
    int count = Math.min(sourceWidth, lastLow + 2);
    int touched = (slice * sourceHeight + y.low()[0]) * sourceWidth;
    for (int j = 0; j < y.count(); j++) {
      int row0 = (slice * sourceHeight + y.low()[j]) * sourceWidth;
      int row1 = sourceHeight > 1 ? row0 + sourceWidth : row0;
      float f = y.weight()[j];
      if (inOrder) {
        int end = row1 + sourceWidth;
        scratch.touched ^= ReadAhead.touch(voxels, touched, end);
        touched = end;
      }
      if (voxels instanceof Voxels.Int16 shorts) {
        kernel.rows(shorts.values(), row0, row1, f, line, count);
      } else if (voxels instanceof Voxels.UInt8 bytes) {
        kernel.rows(bytes.values(), row0, row1, f, line, count);
      } else if (voxels instanceof Voxels.Float32 floats) {
        kernel.rows(floats.values(), row0, row1, f, line, count);
      }
      line[count] = line[count - 1]; // weight 0, but must be a number
      across.apply(line, plane, j * x.count());
    }
  }
}
