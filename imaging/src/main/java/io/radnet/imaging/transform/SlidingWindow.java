package io.radnet.imaging.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How windows of a network's input size cover a larger grid, and how their answers are blended. */
public final class SlidingWindow {
  /** The least blending weight: corners of a window still count where no other window reaches. */
  private static final double LEAST_WEIGHT = 1e-3;

  private SlidingWindow() {}

  /**
   * The first voxels of all windows, depth slowest. Windows are spread evenly, so the first touches
   * the near border and the last the far one; an axis shorter than the window has one window at 0,
   * and the caller pads.
   *
   * @param size voxels (depth, height, width) to cover
   * @param window voxels (depth, height, width) of one window
   * @param overlap least share of a window that its neighbour covers too, in [0, 0.9]
   * @return origins (depth, height, width)
   */
  public static List<int[]> origins(int[] size, int[] window, double overlap) {
    if (!(overlap >= 0 && overlap <= 0.9)) {
      throw new IllegalArgumentException("overlap: " + overlap + " (expected: in [0, 0.9])");
    }
    int[][] starts = new int[3][];
    for (int axis = 0; axis < 3; axis++) {
      starts[axis] = starts(size[axis], window[axis], overlap);
    }
    List<int[]> origins = new ArrayList<>();
    for (int d : starts[0]) {
      for (int h : starts[1]) {
        for (int w : starts[2]) {
          origins.add(new int[] {d, h, w});
        }
      }
    }
    return origins;
  }

  private static int[] starts(int size, int window, double overlap) {
    if (size < 1 || window < 1) {
      throw new IllegalArgumentException(
          "size, window: " + size + ", " + window + " (expected: >= 1)");
    }
    int room = size - window;
    if (room <= 0) {
      return new int[] {0};
    }
    int step = Math.max(1, (int) Math.floor(window * (1 - overlap)));
    int gaps = (room + step - 1) / step;
    int[] starts = new int[gaps + 1];
    for (int n = 0; n <= gaps; n++) {
      starts[n] = (int) ((long) room * n / gaps);
    }
    return starts;
  }

  /**
   * The weight of each voxel of a window: a Gaussian around its centre, largest value near 1.
   *
   * @param window voxels (depth, height, width)
   * @param sigma standard deviation as a share of the window's side; 0 weighs all voxels 1
   * @return weights in (0, 1], layout [depth, height, width]
   */
  public static float[] blending(int[] window, double sigma) {
    if (!(sigma >= 0)) {
      throw new IllegalArgumentException("sigma: " + sigma + " (expected: >= 0)");
    }
    float[] weights =
        new float[Math.multiplyExact(Math.multiplyExact(window[0], window[1]), window[2])];
    if (sigma == 0) {
      Arrays.fill(weights, 1);
      return weights;
    }
    double[] depth = bell(window[0], sigma);
    double[] height = bell(window[1], sigma);
    double[] width = bell(window[2], sigma);
    int index = 0;
    for (double d : depth) {
      for (double h : height) {
        for (double w : width) {
          weights[index++] = (float) Math.max(LEAST_WEIGHT, d * h * w);
        }
      }
    }
    return weights;
  }

  private static double[] bell(int size, double sigma) {
    double[] bell = new double[size];
    for (int n = 0; n < size; n++) {
      double distance = (n - (size - 1) / 2.0) / (sigma * size);
      bell[n] = Math.exp(-0.5 * distance * distance);
    }
    return bell;
  }
}
