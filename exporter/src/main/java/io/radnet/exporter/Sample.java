package io.radnet.exporter;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One input that both runtimes answer.
 *
 * @param source where it came from: random, synthetic or volumes
 * @param grid depth, height, width
 * @param values [D, H, W] in [0, 1]
 */
record Sample(String source, List<Integer> grid, float[] values) {
  static final String RANDOM = "random";
  static final String SYNTHETIC = "synthetic";
  static final String VOLUMES = "volumes";
  static final String SMALLEST = "smallest shape";

  private static final int ORGANS = 6;
  private static final double NOISE = 0.03;

  /** Uniform noise over the whole grid. */
  static Sample random(List<Integer> grid, long seed) {
    return random(RANDOM, grid, seed);
  }

  /** Uniform noise, by another name. */
  static Sample random(String source, List<Integer> grid, long seed) {
    float[] values = new float[size(grid)];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return new Sample(source, grid, values);
  }

  /** A body in air with organs of other brightness and some noise: what a scan looks like. */
  static Sample synthetic(List<Integer> grid, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size(grid)];
    addEllipsoid(values, grid, new double[] {0.5, 0.5, 0.5}, new double[] {0.6, 0.4, 0.45}, 0.35);
    for (int organ = 0; organ < ORGANS; organ++) {
      double[] centre = new double[3];
      double[] radius = new double[3];
      for (int axis = 0; axis < 3; axis++) {
        centre[axis] = 0.3 + 0.4 * random.nextDouble();
        radius[axis] = 0.05 + 0.2 * random.nextDouble();
      }
      addEllipsoid(values, grid, centre, radius, random.nextDouble() - 0.3);
    }
    for (int i = 0; i < values.length; i++) {
      double noisy = values[i] + NOISE * random.nextGaussian();
      values[i] = (float) Math.min(1, Math.max(0, noisy));
    }
    return new Sample(SYNTHETIC, grid, values);
  }

  int voxels() {
    return size(grid);
  }

  private static int size(List<Integer> grid) {
    return grid.stream().reduce(1, Math::multiplyExact);
  }

  /** Centre and radius as shares of the grid's sides. */
  private static void addEllipsoid(
      float[] values, List<Integer> grid, double[] centre, double[] radius, double brightness) {
    int index = 0;
    for (int d = 0; d < grid.get(0); d++) {
      for (int h = 0; h < grid.get(1); h++) {
        for (int w = 0; w < grid.get(2); w++, index++) {
          double distance =
              square((d + 0.5) / grid.get(0), centre[0], radius[0])
                  + square((h + 0.5) / grid.get(1), centre[1], radius[1])
                  + square((w + 0.5) / grid.get(2), centre[2], radius[2]);
          values[index] += distance <= 1 ? (float) brightness : 0;
        }
      }
    }
  }

  private static double square(double position, double centre, double radius) {
    double offset = (position - centre) / radius;
    return offset * offset;
  }
}
