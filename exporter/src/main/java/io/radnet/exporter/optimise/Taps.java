package io.radnet.exporter.optimise;

import io.radnet.exporter.graph.Tensor;

/**
 * Which weights of a kernel fall on which coarse voxel along one axis. Output {@code factor * i +
 * position} reads the repeated voxels {@code factor * i + position + k - kernel / 2}, and those are
 * copies of the coarse voxels {@code i + offset}.
 *
 * @param offsets for each weight of the kernel, the coarse voxel relative to {@code i}
 */
record Taps(int... offsets) {
  static Taps of(int kernel, int factor, int position) {
    int[] offsets = new int[kernel];
    for (int k = 0; k < kernel; k++) {
      offsets[k] = Math.floorDiv(position + k - kernel / 2, factor);
    }
    return new Taps(offsets);
  }

  /** Coarse voxels that are read. */
  int length() {
    return offsets[offsets.length - 1] - offsets[0] + 1;
  }

  /** Those before voxel {@code i}, which is as much padding. */
  int before() {
    return -offsets[0];
  }

  /** Those after. */
  int after() {
    return offsets[offsets.length - 1];
  }

  private int index(int k) {
    return offsets[k] - offsets[0];
  }

  /**
   * The weights of a kernel, [M, C, kd, kh, kw], added up in double precision where they fall on
   * the same voxel.
   *
   * @param taps for depth, height, width
   */
  static Tensor sum(Tensor weight, Taps[] taps) {
    long[] shape = weight.shape();
    int filters = Math.toIntExact(shape[0] * shape[1]);
    int depth = taps[0].length();
    int height = taps[1].length();
    int width = taps[2].length();
    float[] values = weight.toFloats();
    double[] sums = new double[filters * depth * height * width];
    int read = 0;
    for (int filter = 0; filter < filters; filter++) {
      for (int d = 0; d < shape[2]; d++) {
        for (int h = 0; h < shape[3]; h++) {
          int row = ((filter * depth + taps[0].index(d)) * height + taps[1].index(h)) * width;
          for (int w = 0; w < shape[4]; w++) {
            sums[row + taps[2].index(w)] += values[read++];
          }
        }
      }
    }
    float[] narrow = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      narrow[i] = (float) sums[i];
    }
    return Tensor.floats(narrow, shape[0], shape[1], depth, height, width);
  }
}
