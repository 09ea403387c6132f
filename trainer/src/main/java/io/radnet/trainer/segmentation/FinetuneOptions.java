package io.radnet.trainer.segmentation;

import io.radnet.trainer.training.Hardware;
import io.radnet.trainer.training.LearningRate;

/**
 * What a segmentation run may vary.
 *
 * @param steps optimiser steps, at most
 * @param batchSize windows per step
 * @param learningRate schedule of the decoder, and of all weights where there is no backbone
 * @param backboneRate the encoder's rate as a share of the decoder's, once it is unfrozen
 * @param frozenShare share of the run in which a backbone's weights stay as they are
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
    double backboneRate,
    double frozenShare,
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
    if (!(backboneRate > 0 && backboneRate <= 1) || !(frozenShare >= 0 && frozenShare < 1)) {
      throw new IllegalArgumentException(
          "backbone rate "
              + backboneRate
              + ", frozen share "
              + frozenShare
              + " (expected: in (0, 1], in [0, 1))");
    }
    if (!(maximumSeconds > 0) || !(maximumNorm > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "time limit, gradient norm or weight decay out of range (expected: > 0, > 0, >= 0)");
    }
  }
}
