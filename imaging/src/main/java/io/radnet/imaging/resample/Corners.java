package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Voxels;

/**
 * A few neighbouring points of a row on their way through trilinear interpolation; used by one
 * thread at a time. What stands behind {@code values} is the vector kernel's own: four source rows
 * have neighbours of a point, and {@code index} holds the first neighbour in each: for all points
 * that in the point's own row, then all in the next row, the next slice, and both.
 */
final class Corners {
  static final Voxels NOTHING = new Voxels.Float32(new float[0]);

  /** Most points at once: few enough to stay in the first level of cache. */
  static final int CAPACITY = 128;

  /** Points per source row in {@code index}: a multiple of all vectors. */
  private static final int MULTIPLE = 16;

  /** What is interpolated. */
  Voxels voxels = NOTHING;

  /** Place of the first point in its row. */
  int first;

  /** The row's start: the voxel at or below it in all axes, and fractions, see RowSteps. */
  int origin;

  int startX;
  int startY;
  int startZ;

  /** The interpolated values. */
  final float[] values = new float[CAPACITY];

  /** Where the neighbours are in the source. */
  final int[] index = new int[4 * CAPACITY];

  /** Weights of the upper neighbours. */
  final float[] x = new float[CAPACITY];

  final float[] y = new float[CAPACITY];
  final float[] z = new float[CAPACITY];

  /** Integer voxels: that at each index in the lower 16 bits, the next one above; both signed. */
  final int[] pairs = new int[4 * CAPACITY + 1];

  /** Floating-point voxels at each index, and at the place after it. */
  final float[] left = new float[4 * CAPACITY];

  final float[] right = new float[4 * CAPACITY];

  /** Entries of {@code index} from one source row to the next. */
  static int stride(int count) {
    return (count + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
  }
}
