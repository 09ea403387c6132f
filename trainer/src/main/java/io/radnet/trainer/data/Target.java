package io.radnet.trainer.data;

import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.transform.Recipe.Head;
import java.util.Arrays;
import java.util.List;

/**
 * What the heads should answer for one series. What a header does not say is masked, never guessed:
 * an unknown value, or one that no class stands for.
 *
 * @param values per head: one-hot for softmax, 0 or 1 per class for sigmoid, the number for linear;
 *     shared, treat as read-only
 * @param known per head, whether the loss and the metrics may use it; shared, treat as read-only
 * @param stated per head and class, whether the label says so, rather than leaving a region out
 *     that may be there (see {@link RegionSilence}); metrics use only what is stated, the loss uses
 *     all; shared, treat as read-only
 */
public record Target(float[][] values, boolean[] known, boolean[][] stated) {
  /** A target of which every known value is certain. */
  public Target(float[][] values, boolean[] known) {
    this(values, known, all(values));
  }

  private static boolean[][] all(float[][] values) {
    boolean[][] stated = new boolean[values.length][];
    for (int h = 0; h < values.length; h++) {
      stated[h] = new boolean[values[h].length];
      Arrays.fill(stated[h], true);
    }
    return stated;
  }

  /** Translates a label row for these heads. */
  public static Target of(SeriesLabels labels, List<Head> heads) {
    float[][] values = new float[heads.size()][];
    boolean[] known = new boolean[heads.size()];
    boolean[][] stated = new boolean[heads.size()][];
    for (int h = 0; h < heads.size(); h++) {
      Head head = heads.get(h);
      values[h] = new float[head.classes().size()];
      stated[h] = new boolean[head.classes().size()];
      Arrays.fill(stated[h], true);
      switch (head.activation()) {
        case SOFTMAX -> {
          int index = head.classes().indexOf(value(labels, head.name()));
          known[h] = index >= 0;
          if (known[h]) {
            values[h][index] = 1;
          }
        }
        case SIGMOID -> {
          for (String region : labels.regions()) {
            int index = head.classes().indexOf(region);
            if (index >= 0) {
              values[h][index] = 1;
              known[h] = true;
            }
          }
          for (int c = 0; c < stated[h].length; c++) {
            stated[h][c] = RegionSilence.states(labels, head.classes().get(c));
          }
        }
        case LINEAR -> {
          Double spacing = labels.spacingMm();
          known[h] = spacing != null && spacing > 0 && Double.isFinite(spacing);
          if (known[h] && spacing != null) {
            values[h][0] = (float) Math.log(spacing);
          }
        }
      }
    }
    return new Target(values, known, stated);
  }

  private static String value(SeriesLabels labels, String head) {
    return switch (head) {
      case "modality" -> labels.modality();
      case "sequence" -> labels.sequence();
      case "view" -> labels.view();
      case "contrast" -> labels.contrast();
      default ->
          throw new IllegalArgumentException(
              "head: " + head + " (expected: modality, sequence, view or contrast)");
    };
  }

  /** The class of a softmax head, or -1 where unknown. */
  public int classOf(int head) {
    if (!known[head]) {
      return -1;
    }
    for (int c = 0; c < values[head].length; c++) {
      if (values[head][c] == 1) {
        return c;
      }
    }
    return -1;
  }

  /** The same with every slice {@code factor} times as far apart. */
  Target withSpacingTimes(int spacingHead, double factor) {
    float[][] copy = values.clone();
    copy[spacingHead] = new float[] {(float) (values[spacingHead][0] + Math.log(factor))};
    return new Target(copy, known, stated);
  }
}
