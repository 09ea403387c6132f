package io.radnet.imaging.resample;

import java.util.Arrays;

/**
 * Interpolation along one axis with any number of taps: for the target indices in [from, to) the
 * first of {@code taps} neighbouring source indices and their weights, all inside the source.
 *
 * @param from first target index whose centre lies inside the source
 * @param to end of those
 * @param taps neighbours that count
 * @param low first source index, by target index less {@code from}
 * @param weight tap by tap: that of tap t for target {@code from + n} is at {@code t * count + n}
 */
record TapTable(int from, int to, int taps, int[] low, float[] weight) {
  /** For {@code source = step * target + start}, see {@link Resampler} for the edges. */
  static TapTable of(
      Interpolation interpolation, int sourceSize, int targetSize, double step, double start) {
    AxisTable inside = AxisTable.linear(sourceSize, targetSize, step, start);
    double reach =
        switch (interpolation) {
          case NEAREST -> 0.5;
          case LINEAR -> 1;
          case CUBIC -> 2;
          case ANTIALIASED -> Math.max(1, Math.abs(step));
        };
    int wanted = interpolation == Interpolation.NEAREST ? 1 : (int) Math.ceil(2 * reach);
    int taps = Math.min(sourceSize, wanted);
    int count = inside.count();
    int[] low = new int[count];
    float[] weight = new float[count * taps];
    double[] folded = new double[taps];
    for (int n = 0; n < count; n++) {
      double x = Math.max(0, Math.min(sourceSize - 1, step * (inside.from() + n) + start));
      int first =
          interpolation == Interpolation.NEAREST
              ? (int) Math.floor(x + 0.5)
              : (int) Math.floor(x - reach) + 1;
      low[n] = Math.max(0, Math.min(sourceSize - taps, first));
      Arrays.fill(folded, 0);
      double sum = 0;
      for (int t = 0; t < wanted; t++) {
        int index = first + t;
        double w =
            interpolation == Interpolation.NEAREST ? 1 : weight(interpolation, x - index, reach);
        boolean beyond = index < 0 || index >= sourceSize;
        if (beyond && interpolation != Interpolation.CUBIC) {
          continue; // the triangle is cut at the border and weighs the rest more
        }
        int at = (beyond ? mirrored(index, sourceSize) : index) - low[n];
        if (at >= 0 && at < taps) {
          folded[at] += w;
          sum += w;
        }
      }
      for (int t = 0; t < taps; t++) {
        weight[t * count + n] = (float) (folded[t] / sum);
      }
    }
    return new TapTable(inside.from(), inside.to(), taps, low, weight);
  }

  private static double weight(Interpolation interpolation, double distance, double reach) {
    return interpolation == Interpolation.CUBIC
        ? spline(distance)
        : Math.max(0, 1 - Math.abs(distance) / reach);
  }

  /** The cubic B-spline at a distance in source voxels. */
  static double spline(double distance) {
    double d = Math.abs(distance);
    if (d < 1) {
      return 2.0 / 3 - d * d * (1 - d / 2);
    }
    return d < 2 ? (2 - d) * (2 - d) * (2 - d) / 6 : 0;
  }

  /** The index inside [0, size) whose voxel stands at {@code index} in the mirror image. */
  static int mirrored(int index, int size) {
    if (size == 1) {
      return 0;
    }
    int period = 2 * (size - 1);
    int at = Math.floorMod(index, period);
    return at < size ? at : period - at;
  }

  int count() {
    return to - from;
  }

  float weight(int tap, int n) {
    return weight[tap * count() + n];
  }
}
