package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;

/**
 * Trilinear interpolation at points along a line through the source. Where all eight neighbours of
 * a point lie in the source, which is an interval of each row, the kernel does the work without any
 * test.
 */
final class TrilinearPoints {
  /** Beyond this a row's start does not fit the fixed-point numbers. */
  private static final double FARTHEST = 1 << 30;

  private final int sourceWidth;
  private final int sourceHeight;
  private final int sourceDepth;
  private final int plane;
  private final double dx;
  private final double dy;
  private final double dz;
  private final RowSteps steps;
  private final PointKernel kernel;
  private final PointStep[] shorts;
  private final PointStep[] bytes;
  private final PointStep[] floats;

  /** The first column of {@code toSource} is the step between points, in source voxels. */
  TrilinearPoints(Geometry source, int width, Affine toSource, PointKernel kernel) {
    this.sourceWidth = source.width();
    this.sourceHeight = source.height();
    this.sourceDepth = source.depth();
    this.plane = sourceWidth * sourceHeight;
    this.dx = toSource.get(0, 0);
    this.dy = toSource.get(1, 0);
    this.dz = toSource.get(2, 0);
    this.steps = new RowSteps(source, width, toSource);
    this.kernel = kernel;
    this.shorts = kernel.shorts(steps);
    this.bytes = kernel.bytes(steps);
    this.floats = kernel.floats(steps);
  }

  /**
   * Fills the places of a row that begins at (x, y, z), all of which lie in the source's box.
   *
   * @param span those places; narrowed to those without border
   * @param corners holds the voxels
   */
  void row(
      double x,
      double y,
      double z,
      float[] out,
      int at,
      RowSpan span,
      ResamplePlan.Mapping mapping,
      Corners corners) {
    Voxels voxels = corners.voxels;
    int from = span.from;
    int to = span.to;
    long fx = RowSteps.fixed(x);
    long fy = RowSteps.fixed(y);
    long fz = RowSteps.fixed(z);
    narrow(span, x, y, z, fx, fy, fz);
    border(voxels, x, y, z, out, at, from, span.from);
    border(voxels, x, y, z, out, at, span.to, to);
    mapping.map(kernel, out, at + from, out, at + from, span.from - from);
    mapping.map(kernel, out, at + span.to, out, at + span.to, to - span.to);
    PointStep[] path = path(voxels);
    corners.origin = steps.index(fx, fy, fz);
    corners.startX = RowSteps.fraction(fx);
    corners.startY = RowSteps.fraction(fy);
    corners.startZ = RowSteps.fraction(fz);
    for (int first = span.from; first < span.to; first += Corners.CAPACITY) {
      int count = Math.min(Corners.CAPACITY, span.to - first);
      corners.first = first;
      for (PointStep step : path) {
        step.run(corners, count);
      }
      mapping.map(kernel, corners.values, 0, out, at + first, count);
    }
  }

  private PointStep[] path(Voxels voxels) {
    if (voxels instanceof Voxels.Int16) {
      return shorts;
    }
    return voxels instanceof Voxels.UInt8 ? bytes : floats;
  }

  /** Leaves the points that have all eight neighbours: they need no clamping. */
  private void narrow(RowSpan span, double x, double y, double z, long fx, long fy, long fz) {
    int from = span.from;
    int to = span.to;
    if (Math.abs(x) > FARTHEST || Math.abs(y) > FARTHEST || Math.abs(z) > FARTHEST) {
      span.to = from;
      return;
    }
    span.cut(x, dx, 0, sourceWidth - RowSteps.REACH);
    span.cut(y, dy, 0, sourceHeight - 1);
    span.cut(z, dz, 0, sourceDepth - 1);
    span.from = Math.min(span.from, to);
    span.to = Math.max(span.to, span.from);
    while (span.from < span.to && !within(span.from, fx, fy, fz)) {
      span.from++;
    }
    while (span.to > span.from && !within(span.to - 1, fx, fy, fz)) {
      span.to--;
    }
  }

  /** Whether the source has all that a point's fetch reads. */
  private boolean within(int i, long fx, long fy, long fz) {
    return within(fx + RowSteps.fixed(i * dx), sourceWidth - RowSteps.REACH)
        && within(fy + RowSteps.fixed(i * dy), sourceHeight - 1)
        && within(fz + RowSteps.fixed(i * dz), sourceDepth - 1);
  }

  private static boolean within(long fixed, int end) {
    return fixed >= 0 && fixed < (long) end << RowSteps.BITS;
  }

  private void border(
      Voxels voxels, double x, double y, double z, float[] out, int at, int from, int to) {
    for (int i = from; i < to; i++) {
      double cx = ObliqueSampler.clamp(x + i * dx, sourceWidth);
      double cy = ObliqueSampler.clamp(y + i * dy, sourceHeight);
      double cz = ObliqueSampler.clamp(z + i * dz, sourceDepth);
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
          ScalarPoints.lerp(
              (float) (cz - z0),
              corners(voxels, a, right, down, fx, fy),
              corners(voxels, a + up, right, down, fx, fy));
    }
  }

  private static float corners(Voxels voxels, int a, int right, int down, float fx, float fy) {
    return ScalarPoints.lerp(
        fy,
        ScalarPoints.lerp(fx, (float) voxels.stored(a), (float) voxels.stored(a + right)),
        ScalarPoints.lerp(
            fx, (float) voxels.stored(a + down), (float) voxels.stored(a + down + right)));
  }
}
