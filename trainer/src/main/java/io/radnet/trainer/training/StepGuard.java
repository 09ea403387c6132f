package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a step without finite numbers means. A loss that is no number ends the run. A finite
 * loss whose gradient overflows changes no weight and is counted, and only {@value #MOST_IN_A_ROW}
 * of them in a row end the run.
 */
public final class StepGuard {
  private static final Logger LOG = LoggerFactory.getLogger(StepGuard.class);
  private static final int MOST_IN_A_ROW = 5;

  private int inARow;
  private int skipped;

  /** Steps that changed nothing so far. */
  public int skipped() {
    return skipped;
  }

  /**
   * Looks at a step.
   *
   * @param where the step, for messages
   * @throws InvalidInputException where the run should end
   */
  public void check(double loss, double gradientNorm, String where) {
    if (Double.isFinite(loss) && Double.isFinite(gradientNorm)) {
      inARow = 0;
      return;
    }
    skipped++;
    inARow++;
    String found =
        String.format(Locale.ROOT, "loss %s, gradient norm %s at %s", loss, gradientNorm, where);
    if (!Double.isFinite(loss) || inARow >= MOST_IN_A_ROW) {
      throw new InvalidInputException(
          "training",
          found + " (expected: finite); the last checkpoint is kept; try a lower --learning-rate");
    }
    LOG.warn("{}: the step is left out", found);
  }
}
