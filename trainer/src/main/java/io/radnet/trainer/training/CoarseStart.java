package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;

/**
 * The first epochs at half the in-plane resolution, for a quarter of the work each: what a network
 * learns there it need not learn again from full volumes, and it sees more of them in the same time
 * (progressive resizing).
 *
 * @param share of the epochs, in [0, 1); 0 for none
 */
public record CoarseStart(double share) {
  /** Every epoch sees full volumes. */
  public static final CoarseStart NONE = new CoarseStart(0);

  /** The work of a coarse step beside that of a full one: its share of the voxels. */
  private static final double WORK = 0.25;

  /**
   * Checks the range.
   *
   * @throws InvalidInputException where the share is out of it
   */
  public CoarseStart {
    if (!(share >= 0 && share < 1)) {
      throw new InvalidInputException("--coarse", share + " (expected: at least 0, below 1)");
    }
  }

  /** How many of {@code all} epochs are coarse, the first ones. */
  int epochs(int all) {
    return (int) (share * all);
  }

  /**
   * Whether an epoch is coarse. Under a time limit coarse epochs take no more of the time than of
   * the work, so those that would begin later are full ones.
   *
   * @param epoch counted from 1
   * @param all epochs of the run
   * @param timeUsed share of the time limit that is over; 0 without a limit
   */
  boolean covers(int epoch, int all, double timeUsed) {
    return epoch <= epochs(all) && timeUsed < WORK * share / (WORK * share + 1 - share);
  }

  /**
   * The share of a run's work that is done.
   *
   * @param step steps done
   * @param perEpoch steps of an epoch
   * @param all epochs of the run
   */
  double progress(long step, long perEpoch, int all) {
    double coarse = (double) epochs(all) * perEpoch;
    return work(step, coarse) / work((double) perEpoch * all, coarse);
  }

  private static double work(double steps, double coarse) {
    return WORK * Math.min(steps, coarse) + Math.max(0, steps - coarse);
  }
}
