package io.radnet.trainer.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.segmentation.EncoderSchedule;
import picocli.CommandLine.Option;

/** How a backbone learns on, the same in every command that starts from one. */
final class EncoderOptions {
  @Option(
      names = "--frozen",
      paramLabel = "SHARE",
      description =
          "Share of the run in which a backbone's weights stay as they are, 0 to 1 (default:"
              + " ${DEFAULT-VALUE}).")
  private double frozen = 0.15;

  @Option(
      names = "--encoder-rate",
      paramLabel = "SHARE",
      description =
          "A backbone's learning rate as a share of the decoder's, 0 to 1 (default:"
              + " ${DEFAULT-VALUE}).")
  private double rate = 0.5;

  EncoderSchedule schedule() {
    try {
      return new EncoderSchedule(frozen, rate);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "--frozen, --encoder-rate", String.valueOf(e.getMessage()), e);
    }
  }
}
