package io.radnet.imaging.resample;

/**
 * Trilinear interpolation at the points of a row, of which {@link Corners} holds some. All kernels
 * do the same operations in the same order, as those of {@link Kernel}.
 */
sealed interface PointKernel permits ScalarPoints, VectorPoints {
  /** The loops that interpolate 16-bit voxels along columns, then rows, then slices. */
  PointStep[] shorts(RowSteps steps);

  /** The same for unsigned bytes. */
  PointStep[] bytes(RowSteps steps);

  /** The same for floats. */
  PointStep[] floats(RowSteps steps);

  /** {@code out[at + n] = scale line[from + n] + shift}. */
  void map(float[] line, int from, float scale, float shift, float[] out, int at, int count);

  /** As {@link #map}, then cut to [0, 1]; what is no number becomes 0. */
  void mapNormalised(
      float[] line, int from, float scale, float shift, float[] out, int at, int count);
}
