package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * Interpolates point by point along target rows; for grids whose axes do not run along each other.
 */
final class ObliqueSampler implements ResamplePlan.SlabSampler {
  private static final double LOW = -0.5 - Resampler.FACE_TOLERANCE;
  private static final double HIGH = -0.5 + Resampler.FACE_TOLERANCE;

  private final Geometry source;
  private final int sourceWidth;
  private final int sourceHeight;
  private final int sourceDepth;
  private final int width;
  private final int height;
  private final Affine toSource;
  private final Interpolation interpolation;
  private final TrilinearPoints trilinear;
  private final Pool<Voxels.Float32> coefficients;
  private final PointKernel kernel;
  private final Pool<Taps> taps = new Pool<>(Taps::new);
  private final Pool<Scratch> scratch = new Pool<>(Scratch::new);

  /** What one thread needs. */
  private static final class Scratch {
    final RowSpan span = new RowSpan();
    final Corners corners = new Corners();
  }

  /** Offsets and weights of the neighbours of one point, by axis. */
  private static final class Taps {
    final int[] column = new int[4];
    final int[] row = new int[4];
    final int[] slice = new int[4];
    final float[] wx = new float[4];
    final float[] wy = new float[4];
    final float[] wz = new float[4];
  }

  ObliqueSampler(
      Geometry source,
      Geometry target,
      Affine toSource,
      Interpolation interpolation,
      PointKernel kernel) {
    this.source = source;
    this.coefficients =
        new Pool<>(() -> new Voxels.Float32(new float[Math.toIntExact(source.voxels())]));
    this.sourceWidth = source.width();
    this.sourceHeight = source.height();
    this.sourceDepth = source.depth();
    this.width = target.width();
    this.height = target.height();
    this.toSource = toSource;
    this.interpolation = interpolation;
    this.kernel = kernel;
    this.trilinear = new TrilinearPoints(source, width, toSource, kernel);
  }

  @Override
  public Voxels prepare(Voxels voxels, Slabs slabs, Executor executor, int parallelism) {
    if (interpolation != Interpolation.CUBIC) {
      return voxels;
    }
    Voxels.Float32 kept = coefficients.take();
    SplineFilter.coefficients(voxels, source, kept.values(), slabs, executor, parallelism);
    return kept;
  }

  @Override
  public void done(Voxels prepared) {
    if (interpolation == Interpolation.CUBIC && prepared instanceof Voxels.Float32 floats) {
      coefficients.give(floats);
    }
  }

  @Override
  public void slab(
      Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int from, int to) {
    Scratch mine = taken(voxels);
    for (int k = from; k < to; k++) {
      slice(voxels, mapping, out, at + (k - from) * height * width, k, mine);
    }
    given(mine);
  }

  @Override
  public void slices(
      Voxels voxels,
      ResamplePlan.Mapping mapping,
      float[] slice,
      int from,
      int to,
      ResamplePlan.SliceSink sink) {
    Scratch mine = taken(voxels);
    for (int k = from; k < to; k++) {
      slice(voxels, mapping, slice, 0, k, mine);
      sink.accept(k);
    }
    given(mine);
  }

  private Scratch taken(Voxels voxels) {
    Scratch mine = scratch.take();
    mine.corners.voxels = voxels;
    return mine;
  }

  private void given(Scratch mine) {
    mine.corners.voxels = Corners.NOTHING;
    scratch.give(mine);
  }

  private void slice(
      Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int k, Scratch mine) {
    for (int j = 0; j < height; j++) {
      row(voxels, mapping, out, at + j * width, j, k, mine);
    }
  }

  private void row(
      Voxels voxels,
      ResamplePlan.Mapping mapping,
      float[] out,
      int at,
      int j,
      int k,
      Scratch mine) {
    double x = toSource.get(0, 1) * j + toSource.get(0, 2) * k + toSource.get(0, 3);
    double y = toSource.get(1, 1) * j + toSource.get(1, 2) * k + toSource.get(1, 3);
    double z = toSource.get(2, 1) * j + toSource.get(2, 2) * k + toSource.get(2, 3);
    RowSpan span = mine.span;
    clip(span, x, y, z);
    int from = span.from;
    int to = span.to;
    Arrays.fill(out, at, at + from, mapping.outside());
    Arrays.fill(out, at + to, at + width, mapping.outside());
    if (interpolation == Interpolation.NEAREST) {
      nearest(voxels, x, y, z, out, at, from, to);
    } else if (interpolation == Interpolation.CUBIC) {
      cubic(((Voxels.Float32) voxels).values(), x, y, z, out, at, from, to);
    } else {
      trilinear.row(x, y, z, out, at, span, mapping, mine.corners);
      return;
    }
    mapping.map(kernel, out, at + from, out, at + from, to - from);
  }

  /** Finds the points that lie inside the source: a division per face, then the exact test. */
  private void clip(RowSpan span, double x, double y, double z) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    span.all(width);
    span.cut(x, dx, LOW, sourceWidth + HIGH);
    span.cut(y, dy, LOW, sourceHeight + HIGH);
    span.cut(z, dz, LOW, sourceDepth + HIGH);
    int from = Math.min(span.from, width);
    int to = Math.max(span.to, from);
    while (from < to && !inside(x + from * dx, y + from * dy, z + from * dz)) {
      from++;
    }
    while (from > 0 && inside(x + (from - 1) * dx, y + (from - 1) * dy, z + (from - 1) * dz)) {
      from--;
    }
    while (to > from && !inside(x + (to - 1) * dx, y + (to - 1) * dy, z + (to - 1) * dz)) {
      to--;
    }
    while (to < width && inside(x + to * dx, y + to * dy, z + to * dz)) {
      to++;
    }
    span.from = from;
    span.to = to;
  }

  private boolean inside(double x, double y, double z) {
    return x >= LOW
        && y >= LOW
        && z >= LOW
        && x <= sourceWidth + HIGH
        && y <= sourceHeight + HIGH
        && z <= sourceDepth + HIGH;
  }

  static double clamp(double x, int size) {
    return Math.max(0, Math.min(size - 1, x));
  }

  private void nearest(
      Voxels voxels, double x, double y, double z, float[] out, int at, int from, int to) {
    for (int i = from; i < to; i++) {
      int a = (int) (clamp(x + i * toSource.get(0, 0), sourceWidth) + 0.5);
      int b = (int) (clamp(y + i * toSource.get(1, 0), sourceHeight) + 0.5);
      int c = (int) (clamp(z + i * toSource.get(2, 0), sourceDepth) + 0.5);
      out[at + i] = (float) voxels.stored((c * sourceHeight + b) * sourceWidth + a);
    }
  }

  private void cubic(
      float[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    Taps kept = taps.take();
    int[] column = kept.column;
    int[] row = kept.row;
    int[] slice = kept.slice;
    float[] wx = kept.wx;
    float[] wy = kept.wy;
    float[] wz = kept.wz;
    for (int i = from; i < to; i++) {
      taps(clamp(x + i * toSource.get(0, 0), sourceWidth), sourceWidth, 1, column, wx);
      taps(clamp(y + i * toSource.get(1, 0), sourceHeight), sourceHeight, sourceWidth, row, wy);
      taps(
          clamp(z + i * toSource.get(2, 0), sourceDepth),
          sourceDepth,
          sourceWidth * sourceHeight,
          slice,
          wz);
      float sum = 0;
      for (int c = 0; c < 4; c++) {
        for (int b = 0; b < 4; b++) {
          int base = slice[c] + row[b];
          sum +=
              wz[c]
                  * wy[b]
                  * (wx[0] * v[base + column[0]]
                      + wx[1] * v[base + column[1]]
                      + wx[2] * v[base + column[2]]
                      + wx[3] * v[base + column[3]]);
        }
      }
      out[at + i] = sum;
    }
    taps.give(kept);
  }

  private static void taps(double x, int size, int stride, int[] index, float[] weight) {
    int low = (int) x;
    double f = x - low;
    for (int t = 0; t < 4; t++) {
      index[t] = TapTable.mirrored(low - 1 + t, size) * stride;
      weight[t] = (float) TapTable.spline(f + 1 - t);
    }
  }
}
