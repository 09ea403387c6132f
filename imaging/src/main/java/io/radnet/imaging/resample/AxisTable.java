package io.radnet.imaging.resample;

/**
 * Linear interpolation along one axis: for the target indices in [from, to) the lower of two
 * neighbouring source indices and the weight of the upper one. The upper neighbour is always {@code
 * low + 1}; on an axis of one voxel it lies beyond the end and has weight 0.
 *
 * @param from first target index whose centre lies inside the source
 * @param to end of those
 * @param low source index, by target index less {@code from}
 * @param weight of the upper neighbour, in [0, 1]
 */
record AxisTable(int from, int to, int[] low, float[] weight) {
  /** For {@code source = step * target + start}, see {@link Resampler} for the edges. */
  static AxisTable linear(int sourceSize, int targetSize, double step, double start) {
    int from = 0;
    while (from < targetSize && !inside(step * from + start, sourceSize)) {
      from++;
    }
    int to = from;
    while (to < targetSize && inside(step * to + start, sourceSize)) {
      to++;
    }
    int[] low = new int[to - from];
    float[] weight = new float[to - from];
    for (int n = 0; n < low.length; n++) {
      double x = Math.max(0, Math.min(sourceSize - 1, step * (from + n) + start));
      low[n] = Math.max(0, Math.min(sourceSize - 2, (int) x));
      weight[n] = (float) (x - low[n]);
    }
    return new AxisTable(from, to, low, weight);
  }

  private static boolean inside(double x, int size) {
    return x >= -0.5 - Resampler.FACE_TOLERANCE && x <= size - 0.5 + Resampler.FACE_TOLERANCE;
  }

  int count() {
    return to - from;
  }
}
