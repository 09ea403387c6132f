package io.radnet.trainer.segmentation;

import io.radnet.trainer.training.Hardware;
import io.radnet.trainer.training.LearningRate;

/**
 * What a segmentation run may vary.
 *
 * @param steps optimiser steps, at most
 * @param batchSize windows per step
 * @param learningRate schedule of the decoder, and of all weights where there is no backbone
 * @param encoder how a backbone's weights learn
 * @param weightDecay of the optimiser
 * @param maximumNorm of the gradient
 * @param validations times that the validation split is segmented
 * @param seed of weights and windows
 * @param maximumSeconds wall-clock limit; the learning rate falls in time for it. Infinite for none
 * @param hardware where to run, and in how many parts
 */
public record FinetuneOptions(
    int steps,
    int batchSize,
    LearningRate learningRate,
    EncoderSchedule encoder,
    double weightDecay,
    double maximumNorm,
    int validations,
    long seed,
    double maximumSeconds,
    Hardware hardware) {
  /** Checks the ranges. */
  public FinetuneOptions {
    if (steps < 1 || batchSize < 1 || validations < 1) {
      throw new IllegalArgumentException(
          "steps "
              + steps
              + ", batch "
              + batchSize
              + ", validations "
              + validations
              + " (expected: all at least 1)");
    }
    if (!(maximumSeconds > 0) || !(maximumNorm > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "time limit, gradient norm or weight decay out of range (expected: > 0, > 0, >= 0)");
    }
  }
}
