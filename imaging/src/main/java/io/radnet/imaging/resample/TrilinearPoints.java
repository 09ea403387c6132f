package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;

/** Trilinear interpolation at points along a line through the source. */
final class TrilinearPoints {
  private final int sourceWidth;
  private final int sourceHeight;
  private final int sourceDepth;
  private final Affine toSource;

  /** The first column of {@code toSource} is the step between points, in source voxels. */
  TrilinearPoints(Geometry source, Affine toSource) {
    this.sourceWidth = source.width();
    this.sourceHeight = source.height();
    this.sourceDepth = source.depth();
    this.toSource = toSource;
  }

  /** Fills the places [from, to) of a row that begins at (x, y, z); all lie in the source's box. */
  void row(Voxels voxels, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    // the points that have all eight neighbours are consecutive too, and need no clamping
    int inner = from;
    while (inner < to && !within(x + inner * dx, y + inner * dy, z + inner * dz)) {
      inner++;
    }
    int end = to;
    while (end > inner && !within(x + (end - 1) * dx, y + (end - 1) * dy, z + (end - 1) * dz)) {
      end--;
    }
    border(voxels, x, y, z, out, at, from, inner);
    // Three times the same loop: one over Voxels.stored would be a virtual call per neighbour.
    if (voxels instanceof Voxels.Int16 shorts) {
      shorts(shorts.values(), x, y, z, out, at, inner, end);
    } else if (voxels instanceof Voxels.UInt8 bytes) {
      bytes(bytes.values(), x, y, z, out, at, inner, end);
    } else if (voxels instanceof Voxels.Float32 floats) {
      floats(floats.values(), x, y, z, out, at, inner, end);
    }
    border(voxels, x, y, z, out, at, end, to);
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

  private void border(
      Voxels voxels, double x, double y, double z, float[] out, int at, int from, int to) {
    int plane = sourceWidth * sourceHeight;
    for (int i = from; i < to; i++) {
      double cx = ObliqueSampler.clamp(x + i * toSource.get(0, 0), sourceWidth);
      double cy = ObliqueSampler.clamp(y + i * toSource.get(1, 0), sourceHeight);
      double cz = ObliqueSampler.clamp(z + i * toSource.get(2, 0), sourceDepth);
      int x0 = (int) cx;
      int y0 = (int) cy;
      int z0 = (int) cz;
      float fx = (float) (cx - x0);
      float fy = (float) (cy - y0);
      int right = x0 + 1 < sourceWidth ? 1 : 0;
      int down = y0 + 1 < sourceHeight ? sourceWidth : 0;
      int up = z0 + 1 < sourceDepth ? plane : 0;
      int a = z0 * plane + y0 * sourceWidth + x0;
      out[at + i] =
          lerp(
              (float) (cz - z0),
              corners(voxels, a, right, down, fx, fy),
              corners(voxels, a + up, right, down, fx, fy));
    }
  }

  private static float corners(Voxels voxels, int a, int right, int down, float fx, float fy) {
    return lerp(
        fy,
        lerp(fx, (float) voxels.stored(a), (float) voxels.stored(a + right)),
        lerp(fx, (float) voxels.stored(a + down), (float) voxels.stored(a + down + right)));
  }

  private void shorts(
      short[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    int width = sourceWidth;
    int plane = width * sourceHeight;
    for (int i = from; i < to; i++) {
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
  }

  private void bytes(
      byte[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    int width = sourceWidth;
    int plane = width * sourceHeight;
    for (int i = from; i < to; i++) {
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
  }

  private void floats(
      float[] v, double x, double y, double z, float[] out, int at, int from, int to) {
    double dx = toSource.get(0, 0);
    double dy = toSource.get(1, 0);
    double dz = toSource.get(2, 0);
    int width = sourceWidth;
    int plane = width * sourceHeight;
    for (int i = from; i < to; i++) {
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
  }

  private static float lerp(float f, float a, float b) {
    return a + f * (b - a);
  }
}
