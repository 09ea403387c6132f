package io.radnet.trainer.training;

import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Target;
import java.util.List;

/**
 * Weights against class imbalance: class c of K counts {@code sqrt(n / (K n_c))} in the loss, held
 * to [0.25, 4]. Weights rather than sampling, because a series that is rare for one head is common
 * for another, so no one way of drawing series suits all heads. The square root rather than the
 * whole ratio, because in archives a rare class (14 of 3,477 series in the paper's table) would
 * otherwise shout down the rest with its few, often wrong, headers.
 */
public final class HeadBalance {
  private static final double LOWEST = 0.25;
  private static final double HIGHEST = 4;

  private final float[][] present;
  private final float[][] absent;
  private final int[][] counts;

  /**
   * @param heads of the recipe
   * @param targets of the training split
   */
  public HeadBalance(List<Head> heads, List<Target> targets) {
    present = new float[heads.size()][];
    absent = new float[heads.size()][];
    counts = new int[heads.size()][];
    for (int h = 0; h < heads.size(); h++) {
      Head head = heads.get(h);
      int classes = head.classes().size();
      counts[h] = new int[classes];
      present[h] = new float[classes];
      absent[h] = new float[classes];
      int known = 0;
      for (Target target : targets) {
        if (target.known()[h]) {
          known++;
          for (int c = 0; c < classes; c++) {
            counts[h][c] += target.values()[h][c] > 0.5f ? 1 : 0;
          }
        }
      }
      int populated = 0;
      for (int count : counts[h]) {
        populated += count > 0 ? 1 : 0;
      }
      for (int c = 0; c < classes; c++) {
        switch (head.activation()) {
          case SOFTMAX -> present[h][c] = weight(known, populated, counts[h][c]);
          case SIGMOID -> {
            present[h][c] = weight(known, 2, counts[h][c]);
            absent[h][c] = weight(known, 2, known - counts[h][c]);
          }
          case LINEAR -> present[h][c] = 1;
        }
      }
    }
  }

  private static float weight(int known, int classes, int count) {
    if (count == 0) {
      return 1;
    }
    double weight = Math.sqrt((double) known / ((double) classes * count));
    return (float) Math.min(HIGHEST, Math.max(LOWEST, weight));
  }

  /** The weight of class {@code c} of head {@code h} where it is present, or absent (sigmoid). */
  public float weight(int h, int c, boolean isPresent) {
    return isPresent ? present[h][c] : absent[h][c];
  }

  /** How many series of the training split have class {@code c} of head {@code h}. */
  public int count(int h, int c) {
    return counts[h][c];
  }
}
