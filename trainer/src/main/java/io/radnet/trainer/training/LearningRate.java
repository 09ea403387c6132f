package io.radnet.trainer.training;

/**
 * Linear warm-up, then a half cosine down to a hundredth (Loshchilov and Hutter 2017).
 *
 * @param peak the highest rate
 * @param warmUp share of the run that rises to it, in [0, 1)
 */
public record LearningRate(double peak, double warmUp) {
  private static final double FLOOR = 0.01;

  /** Checks the range. */
  public LearningRate {
    if (!(peak > 0) || !(warmUp >= 0 && warmUp < 1)) {
      throw new IllegalArgumentException(
          "learning rate: " + peak + ", warm-up " + warmUp + " (expected: > 0, in [0, 1))");
    }
  }

  /** The rate after {@code progress} in [0, 1] of the run. */
  public double at(double progress) {
    if (progress < warmUp) {
      return peak * Math.max(FLOOR, progress / warmUp);
    }
    double done = Math.min(1, (progress - warmUp) / (1 - warmUp));
    return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * done)));
  }
}
