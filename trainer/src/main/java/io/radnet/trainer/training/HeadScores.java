package io.radnet.trainer.training;

import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How well the heads answer on a split. Only what is known for certain counts. */
public final class HeadScores {
  private final List<Head> heads;
  private final int[][][] confusion;
  private final int[][][] present;
  private final int[] known;
  private final List<List<Double>> relativeErrors = new ArrayList<>();

  /**
   * @param heads of the recipe
   */
  public HeadScores(List<Head> heads) {
    this.heads = List.copyOf(heads);
    confusion = new int[heads.size()][][];
    present = new int[heads.size()][][];
    known = new int[heads.size()];
    for (int h = 0; h < heads.size(); h++) {
      int classes = heads.get(h).classes().size();
      confusion[h] = new int[classes][classes];
      present[h] = new int[classes][4];
      relativeErrors.add(new ArrayList<>());
    }
  }

  /**
   * Counts one series.
   *
   * @param logits per head
   */
  public void add(float[][] logits, Target target) {
    for (int h = 0; h < heads.size(); h++) {
      if (!target.known()[h]) {
        continue;
      }
      known[h]++;
      switch (heads.get(h).activation()) {
        case SOFTMAX -> confusion[h][target.classOf(h)][largest(logits[h])]++;
        case SIGMOID -> {
          for (int c = 0; c < logits[h].length; c++) {
            if (!target.stated()[h][c]) {
              continue;
            }
            int truth = target.values()[h][c] > 0.5f ? 2 : 0;
            present[h][c][truth + (logits[h][c] > 0 ? 1 : 0)]++;
          }
        }
        case LINEAR ->
            relativeErrors.get(h).add(Math.abs(Math.expm1(logits[h][0] - target.values()[h][0])));
      }
    }
  }

  /** The index of the largest value; the first of equals. */
  public static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Series whose label for head {@code h} is known. */
  public int known(int h) {
    return known[h];
  }

  /** Whether any label of any series is known. */
  boolean anyKnown() {
    return Arrays.stream(known).anyMatch(count -> count > 0);
  }

  /** Softmax heads: rows are the truth, columns the answer. */
  public int[][] confusion(int h) {
    return Arrays.stream(confusion[h]).map(int[]::clone).toArray(int[][]::new);
  }

  /** Share of right answers: of series (softmax), of series and classes (sigmoid). */
  public double accuracy(int h) {
    if (heads.get(h).activation() == Head.Activation.SOFTMAX) {
      int right = 0;
      for (int c = 0; c < confusion[h].length; c++) {
        right += confusion[h][c][c];
      }
      return (double) right / known[h];
    }
    long right = 0;
    long all = 0;
    for (int[] cells : present[h]) {
      right += cells[0] + cells[3];
      all += Arrays.stream(cells).sum();
    }
    return (double) right / all;
  }

  /** F1 averaged over the classes that occur in the truth or in an answer. */
  public double macroF1(int h) {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < heads.get(h).classes().size(); c++) {
      int truePositive;
      int falsePositive;
      int falseNegative;
      if (heads.get(h).activation() == Head.Activation.SOFTMAX) {
        truePositive = confusion[h][c][c];
        falseNegative = Arrays.stream(confusion[h][c]).sum() - truePositive;
        final int column = c;
        falsePositive =
            Arrays.stream(confusion[h]).mapToInt(row -> row[column]).sum() - truePositive;
      } else {
        truePositive = present[h][c][3];
        falseNegative = present[h][c][2];
        falsePositive = present[h][c][1];
      }
      int denominator = 2 * truePositive + falsePositive + falseNegative;
      if (denominator > 0) {
        sum += 2.0 * truePositive / denominator;
        classes++;
      }
    }
    return classes == 0 ? Double.NaN : sum / classes;
  }

  /** Median of |answer / truth - 1| of a linear head. */
  public double medianRelativeError(int h) {
    List<Double> sorted = relativeErrors.get(h).stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  /** The mean over heads of accuracy, macro F1 (sigmoid) or one less the error (linear). */
  public double overall() {
    double sum = 0;
    int count = 0;
    for (int h = 0; h < heads.size(); h++) {
      if (known[h] > 0) {
        count++;
        sum +=
            switch (heads.get(h).activation()) {
              case SOFTMAX -> accuracy(h);
              case SIGMOID -> macroF1(h);
              case LINEAR -> 1 - Math.min(1, medianRelativeError(h));
            };
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** All figures by name, such as {@code view.accuracy}. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("score", overall());
    for (int h = 0; h < heads.size(); h++) {
      String name = heads.get(h).name();
      if (known[h] > 0) {
        switch (heads.get(h).activation()) {
          case SOFTMAX, SIGMOID -> {
            metrics.put(name + ".accuracy", accuracy(h));
            metrics.put(name + ".macro_f1", macroF1(h));
          }
          case LINEAR -> metrics.put(name + ".median_relative_error", medianRelativeError(h));
        }
      }
    }
    return metrics;
  }

  /** A table for people. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            java.util.Locale.ROOT,
            "%-10s %6s %9s %9s %14s%n",
            "head",
            "series",
            "accuracy",
            "macro F1",
            "median error"));
    for (int h = 0; h < heads.size(); h++) {
      boolean linear = heads.get(h).activation() == Head.Activation.LINEAR;
      boolean any = known[h] > 0;
      table.append(
          String.format(
              java.util.Locale.ROOT,
              "%-10s %6d %9s %9s %14s%n",
              heads.get(h).name(),
              known[h],
              any && !linear ? percent(accuracy(h)) : "-",
              any && !linear ? percent(macroF1(h)) : "-",
              any && linear ? percent(medianRelativeError(h)) : "-"));
    }
    return table.toString();
  }

  private static String percent(double share) {
    return String.format(java.util.Locale.ROOT, "%.1f %%", 100 * share);
  }
}
