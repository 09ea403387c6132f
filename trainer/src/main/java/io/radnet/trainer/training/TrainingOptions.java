package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;

/**
 * What a run may vary.
 *
 * @param epochs passes over the training split, at most
 * @param batchSize volumes per step
 * @param learningRate schedule
 * @param weightDecay of {@link AdamW}
 * @param maximumNorm of the gradient
 * @param headWeights of the heads in the loss
 * @param coarse the first epochs at half the in-plane resolution; they do not count for patience
 * @param patience epochs without a better validation score before the run ends
 * @param seed of weights, order and augmentation
 * @param maximumSeconds wall-clock limit; the learning rate falls in time for it. Infinite for none
 * @param hardware where to run, and in how many parts
 * @param threads that prepare data
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    LearningRate learningRate,
    double weightDecay,
    double maximumNorm,
    HeadWeights headWeights,
    CoarseStart coarse,
    int patience,
    long seed,
    double maximumSeconds,
    Hardware hardware,
    int threads) {
  /**
   * Checks the ranges.
   *
   * @throws InvalidInputException where a batch has fewer volumes than parts
   */
  public TrainingOptions {
    hardware.check(batchSize);
    if (epochs < 1 || batchSize < 1 || patience < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "epochs "
              + epochs
              + ", batch "
              + batchSize
              + ", patience "
              + patience
              + ", threads "
              + threads
              + " (expected: all at least 1)");
    }
    if (!(maximumSeconds > 0) || !(maximumNorm > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "time limit, gradient norm or weight decay out of range (expected: > 0, > 0, >= 0)");
    }
  }
}
