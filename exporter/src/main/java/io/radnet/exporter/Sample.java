package io.radnet.exporter;

import java.util.List;
import java.util.SplittableRandom;

/**
 * One input that both runtimes answer.
 *
 * @param source where it came from: random or volumes
 * @param values [D, H, W] in [0, 1]
 */
record Sample(String source, float[] values) {
  static final String RANDOM = "random";
  static final String VOLUMES = "volumes";

  /** Uniform noise over the whole grid. */
  static Sample random(List<Integer> grid, long seed) {
    float[] values = new float[grid.get(0) * grid.get(1) * grid.get(2)];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return new Sample(RANDOM, values);
  }
}
