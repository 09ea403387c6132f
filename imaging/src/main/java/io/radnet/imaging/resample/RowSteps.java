package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;

/**
 * Where the points of a target row lie in the source, relative to the row's first one; the same for
 * all rows. Coordinates are fixed-point numbers with 31 bits of fraction. Each is rounded once from
 * double precision and none is a sum of steps, so nothing drifts: a coordinate, the row's start and
 * the step together, is off by at most 2^-31 voxels.
 */
final class RowSteps {
  /** Bits of the fraction; the sum of two fractions shows its carry in the sign of an int. */
  static final int BITS = 31;

  static final int FRACTION = Integer.MAX_VALUE;

  /** Columns right of a point's own that its fetch may read. */
  static final int REACH = 3;

  /** Entries behind the last point, which whole vectors may read. */
  private static final int SLACK = 16;

  /** Source voxels from a row to the next, and from a slice to the next. */
  final int width;

  final int plane;

  /** The last index of which all that a fetch reads exists. */
  final int last;

  /** Source voxels between the row's first point and each point, whole steps only. */
  final int[] offset;

  /** Fractions of the steps. */
  final int[] x;

  final int[] y;
  final int[] z;

  RowSteps(Geometry source, int count, Affine toSource) {
    width = source.width();
    plane = width * source.height();
    last = Math.max(0, (int) source.voxels() - 1 - REACH - width - plane);
    offset = new int[count + SLACK];
    x = new int[count + SLACK];
    y = new int[count + SLACK];
    z = new int[count + SLACK];
    for (int i = 0; i < count; i++) {
      long fx = fixed(i * toSource.get(0, 0));
      long fy = fixed(i * toSource.get(1, 0));
      long fz = fixed(i * toSource.get(2, 0));
      // may overflow for points outside the source, which are not used
      offset[i] = index(fx, fy, fz);
      x[i] = fraction(fx);
      y[i] = fraction(fy);
      z[i] = fraction(fz);
    }
  }

  /** The voxel at or below a point in all axes. */
  int index(long x, long y, long z) {
    return (int) (z >> BITS) * plane + (int) (y >> BITS) * width + (int) (x >> BITS);
  }

  /**
   * Voxels from that of the row's start to that of point {@code i}.
   *
   * @param sumX fractions of the start and of the step; their carry is in the sign
   */
  int index(int i, int sumX, int sumY, int sumZ) {
    return offset[i] + (sumX >>> BITS) + (sumY >> BITS & width) + (sumZ >> BITS & plane);
  }

  static long fixed(double coordinate) {
    return Math.round(coordinate * (1L << BITS));
  }

  static int fraction(long fixed) {
    return (int) fixed & FRACTION;
  }
}
