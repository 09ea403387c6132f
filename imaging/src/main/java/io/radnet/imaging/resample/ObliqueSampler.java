package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.concurrent.Executor;

/**
 * Interpolates point by point along target rows; for grids whose axes do not run along each other.
 */
final class ObliqueSampler implements ResamplePlan.SlabSampler {
  private final Geometry source;
  private final int sourceWidth;
  private final int sourceHeight;
  private final int sourceDepth;
  private final int width;
  private final int height;
  private final Affine toSource;
  private final Interpolation interpolation;
  private final Pool<Voxels.Float32> coefficients;

  ObliqueSampler(Geometry source, Geometry target, Affine toSource, Interpolation interpolation) {
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
    for (int k = from; k < to; k++) {
      slice(voxels, mapping, out, at + (k - from) * height * width, k);
    }
  }

  @Override
  public void slices(
      Voxels voxels,
      ResamplePlan.Mapping mapping,
      float[] slice,
      int from,
      int to,
      ResamplePlan.SliceSink sink) {
    for (int k = from; k < to; k++) {
      slice(voxels, mapping, slice, 0, k);
      sink.accept(k);
    }
  }

  private void slice(Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int k) {
    for (int j = 0; j < height; j++) {
      row(voxels, mapping, out, at + j * width, j, k);
    }
  }

  private void row(Voxels voxels, ResamplePlan.Mapping mapping, float[] out, int at, int j, int k) {
    double x = toSource.get(0, 1) * j + toSource.get(0, 2) * k + toSource.get(0, 3);
    double y = toSource.get(1, 1) * j + toSource.get(1, 2) * k + toSource.get(1, 3);
    double z = toSource.get(2, 1) * j + toSource.get(2, 2) * k + toSource.get(2, 3);
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    // the points of a row that lie inside a box are consecutive
    int from = 0;
    while (from < width && !inside(x + from * dx, y + from * dy, z + from * dz)) {
      out[at + from++] = mapping.outside();
    }
    int to = width;
    while (to > from && !inside(x + (to - 1) * dx, y + (to - 1) * dy, z + (to - 1) * dz)) {
      out[at + --to] = mapping.outside();
    }
    switch (interpolation) {
      case NEAREST -> nearest(voxels, x, y, z, out, at, from, to);
      case CUBIC -> cubic(((Voxels.Float32) voxels).values(), x, y, z, out, at, from, to);
      default -> linear(voxels, x, y, z, out, at, from, to);
    }
    float scale = mapping.scale();
    float shift = mapping.shift();
    if (mapping.normalised()) {
      for (int i = from; i < to; i++) {
        float value = out[at + i] * scale + shift;
        out[at + i] = value > 0 ? Math.min(value, 1) : 0;
      }
    } else {
      for (int i = from; i < to; i++) {
        out[at + i] = out[at + i] * scale + shift;
      }
    }
  }

  private boolean inside(double x, double y, double z) {
    double low = -0.5 - Resampler.FACE_TOLERANCE;
    double high = -0.5 + Resampler.FACE_TOLERANCE;
    return x >= low
        && y >= low
        && z >= low
        && x <= sourceWidth + high
        && y <= sourceHeight + high
        && z <= sourceDepth + high;
  }

  private static double clamp(double x, int size) {
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
    int[] column = new int[4];
    int[] row = new int[4];
    int[] slice = new int[4];
    float[] wx = new float[4];
    float[] wy = new float[4];
    float[] wz = new float[4];
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
  }

  private static void taps(double x, int size, int stride, int[] index, float[] weight) {
    int low = (int) x;
    double f = x - low;
    for (int t = 0; t < 4; t++) {
      index[t] = TapTable.mirrored(low - 1 + t, size) * stride;
      weight[t] = (float) TapTable.spline(f + 1 - t);
    }
  }

  // Three times the same loop: one over Voxels.stored would be a virtual call per neighbour.
  private void linear(
      Voxels voxels, double x, double y, double z, float[] out, int at, int from, int to) {
    if (voxels instanceof Voxels.Int16 shorts) {
      shorts(shorts.values(), x, y, z, out, at, from, to);
    } else if (voxels instanceof Voxels.UInt8 bytes) {
      bytes(bytes.values(), x, y, z, out, at, from, to);
    } else if (voxels instanceof Voxels.Float32 floats) {
      floats(floats.values(), x, y, z, out, at, from, to);
    }
  }

  /** Whether all eight neighbours of a point lie in the source. */
  private boolean within(double x, double y, double z) {
    return x >= 0
        && y >= 0
        && z >= 0
        && x < sourceWidth - 1
        && y < sourceHeight - 1
        && z < sourceDepth - 1;
  }

  private void shorts(
      short[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    int width = sourceWidth;
    int plane = width * sourceHeight;
    // without clamping, where all eight neighbours are there: these points are consecutive too
    int inner = from;
    while (inner < to && !within(x + inner * dx, y + inner * dy, z + inner * dz)) {
      inner++;
    }
    int end = to;
    while (end > inner && !within(x + (end - 1) * dx, y + (end - 1) * dy, z + (end - 1) * dz)) {
      end--;
    }
    for (int i = inner; i < end; i++) {
      double cx = x + i * dx;
      double cy = y + i * dy;
      double cz = z + i * dz;
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      float fz = (float) (cz - z0);
      int a = z0 * plane + y0 * width + x0;
      int b = a + width;
      int c = a + plane;
      int d = b + plane;
      out[at + i] =
          lerp(
              fz,
              lerp(fy, lerp(fx, v[a], v[a + 1]), lerp(fx, v[b], v[b + 1])),
              lerp(fy, lerp(fx, v[c], v[c + 1]), lerp(fx, v[d], v[d + 1])));
    }
    for (int i = inner == from ? end : from; i < to; i = i == inner - 1 ? end : i + 1) {
      double cx = clamp(x + i * dx, width);
      double cy = clamp(y + i * dy, sourceHeight);
      double cz = clamp(z + i * dz, sourceDepth);
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      float fz = (float) (cz - z0);
      int a = z0 * plane + y0 * width + x0;
      int ex = x0 + 1 < width ? 1 : 0;
      int b = a + (y0 + 1 < sourceHeight ? width : 0);
      int up = z0 + 1 < sourceDepth ? plane : 0;
      int c = a + up;
      int d = b + up;
      out[at + i] =
          lerp(
              fz,
              lerp(fy, lerp(fx, v[a], v[a + ex]), lerp(fx, v[b], v[b + ex])),
              lerp(fy, lerp(fx, v[c], v[c + ex]), lerp(fx, v[d], v[d + ex])));
    }
  }

  private void bytes(
      byte[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    int width = sourceWidth;
    int plane = width * sourceHeight;
    // without clamping, where all eight neighbours are there: these points are consecutive too
    int inner = from;
    while (inner < to && !within(x + inner * dx, y + inner * dy, z + inner * dz)) {
      inner++;
    }
    int end = to;
    while (end > inner && !within(x + (end - 1) * dx, y + (end - 1) * dy, z + (end - 1) * dz)) {
      end--;
    }
    for (int i = inner; i < end; i++) {
      double cx = x + i * dx;
      double cy = y + i * dy;
      double cz = z + i * dz;
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      float fz = (float) (cz - z0);
      int a = z0 * plane + y0 * width + x0;
      int b = a + width;
      int c = a + plane;
      int d = b + plane;
      out[at + i] =
          lerp(
              fz,
              lerp(
                  fy,
                  lerp(fx, v[a] & 0xff, v[a + 1] & 0xff),
                  lerp(fx, v[b] & 0xff, v[b + 1] & 0xff)),
              lerp(
                  fy,
                  lerp(fx, v[c] & 0xff, v[c + 1] & 0xff),
                  lerp(fx, v[d] & 0xff, v[d + 1] & 0xff)));
    }
    for (int i = inner == from ? end : from; i < to; i = i == inner - 1 ? end : i + 1) {
      double cx = clamp(x + i * dx, width);
      double cy = clamp(y + i * dy, sourceHeight);
      double cz = clamp(z + i * dz, sourceDepth);
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      float fz = (float) (cz - z0);
      int a = z0 * plane + y0 * width + x0;
      int ex = x0 + 1 < width ? 1 : 0;
      int b = a + (y0 + 1 < sourceHeight ? width : 0);
      int up = z0 + 1 < sourceDepth ? plane : 0;
      int c = a + up;
      int d = b + up;
      out[at + i] =
          lerp(
              fz,
              lerp(
                  fy,
                  lerp(fx, v[a] & 0xff, v[a + ex] & 0xff),
                  lerp(fx, v[b] & 0xff, v[b + ex] & 0xff)),
              lerp(
                  fy,
                  lerp(fx, v[c] & 0xff, v[c + ex] & 0xff),
                  lerp(fx, v[d] & 0xff, v[d + ex] & 0xff)));
    }
  }

  private void floats(
      float[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    int width = sourceWidth;
    int plane = width * sourceHeight;
    // without clamping, where all eight neighbours are there: these points are consecutive too
    int inner = from;
    while (inner < to && !within(x + inner * dx, y + inner * dy, z + inner * dz)) {
      inner++;
    }
    int end = to;
    while (end > inner && !within(x + (end - 1) * dx, y + (end - 1) * dy, z + (end - 1) * dz)) {
      end--;
    }
    for (int i = inner; i < end; i++) {
      double cx = x + i * dx;
      double cy = y + i * dy;
      double cz = z + i * dz;
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      float fz = (float) (cz - z0);
      int a = z0 * plane + y0 * width + x0;
      int b = a + width;
      int c = a + plane;
      int d = b + plane;
      out[at + i] =
          lerp(
              fz,
              lerp(fy, lerp(fx, v[a], v[a + 1]), lerp(fx, v[b], v[b + 1])),
              lerp(fy, lerp(fx, v[c], v[c + 1]), lerp(fx, v[d], v[d + 1])));
    }
    for (int i = inner == from ? end : from; i < to; i = i == inner - 1 ? end : i + 1) {
      double cx = clamp(x + i * dx, width);
      double cy = clamp(y + i * dy, sourceHeight);
      double cz = clamp(z + i * dz, sourceDepth);
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      float fz = (float) (cz - z0);
      int a = z0 * plane + y0 * width + x0;
      int ex = x0 + 1 < width ? 1 : 0;
      int b = a + (y0 + 1 < sourceHeight ? width : 0);
      int up = z0 + 1 < sourceDepth ? plane : 0;
      int c = a + up;
      int d = b + up;
      out[at + i] =
          lerp(
              fz,
              lerp(fy, lerp(fx, v[a], v[a + ex]), lerp(fx, v[b], v[b + ex])),
              lerp(fy, lerp(fx, v[c], v[c + ex]), lerp(fx, v[d], v[d + ex])));
    }
  }

  private static float lerp(float f, float a, float b) {
    return a + f * (b - a);
  }
}
