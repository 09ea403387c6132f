package io.radnet.trainer.segmentation;

/**
 * How an encoder that starts from a backbone learns. Without a backbone all weights learn alike.
 *
 * @param frozenShare share of the run in which its weights stay as they are, in [0, 1)
 * @param rateShare its learning rate as a share of the decoder's after that, in (0, 1]
 */
public record EncoderSchedule(double frozenShare, double rateShare) {
  /** Checks the ranges. */
  public EncoderSchedule {
    if (!(frozenShare >= 0 && frozenShare < 1) || !(rateShare > 0 && rateShare <= 1)) {
      throw new IllegalArgumentException(
          "frozen share "
              + frozenShare
              + ", rate share "
              + rateShare
              + " (expected: in [0, 1), in (0, 1])");
    }
  }
}
