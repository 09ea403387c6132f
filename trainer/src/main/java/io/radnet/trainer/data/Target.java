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
 * @param trust per head and class, how much the value counts in the loss: 1, or less for a region
 *     that the header leaves out beside one that it names (see {@link RegionSilence}); metrics use
 *     only what has 1; shared, treat as read-only
 */
public record Target(float[][] values, boolean[] known, float[][] trust) {
  /** A target of which every known value is certain. */
  public Target(float[][] values, boolean[] known) {
    this(values, known, certain(values));
  }

  private static float[][] certain(float[][] values) {
    float[][] trust = new float[values.length][];
    for (int h = 0; h < values.length; h++) {
      trust[h] = new float[values[h].length];
      Arrays.fill(trust[h], 1);
    }
    return trust;
  }

  /** Translates a label row for these heads. */
  public static Target of(SeriesLabels labels, List<Head> heads) {
    float[][] values = new float[heads.size()][];
    boolean[] known = new boolean[heads.size()];
    float[][] trust = new float[heads.size()][];
    for (int h = 0; h < heads.size(); h++) {
      Head head = heads.get(h);
      values[h] = new float[head.classes().size()];
      trust[h] = new float[head.classes().size()];
      Arrays.fill(trust[h], 1);
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
          for (int c = 0; c < trust[h].length; c++) {
            trust[h][c] = RegionSilence.trust(labels, head.classes().get(c));
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
    return new Target(values, known, trust);
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
  Target withThickerSlices(int spacingHead, double factor) {
    float[][] copy = values.clone();
    copy[spacingHead] = new float[] {(float) (values[spacingHead][0] + Math.log(factor))};
    return new Target(copy, known, trust);
  }
}
