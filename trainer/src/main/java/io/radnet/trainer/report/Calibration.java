package io.radnet.trainer.report;

import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.training.LabelEvaluation;
import io.radnet.trainer.training.LabelEvaluation.Answer;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a head's probabilities can be believed: answers are sorted into ten bins by probability,
 * and in each the mean probability stands beside the share that was right. The expected calibration
 * error is the mean distance of the two, weighted by the bins' sizes (Guo et al. 2017).
 *
 * @param bins those with at least one answer, from the lowest probability
 * @param error expected calibration error, in [0, 1]; NaN without answers
 */
record Calibration(List<Bin> bins, double error) {
  private static final int BINS = 10;

  /**
   * @param answers how many
   * @param probability their mean
   * @param right the share of them that was right
   */
  record Bin(int answers, double probability, double right) {}

  static Calibration of(LabelEvaluation evaluation, Head head) {
    int[] counts = new int[BINS];
    double[] probabilities = new double[BINS];
    int[] right = new int[BINS];
    int all = 0;
    for (Answer answer : evaluation.answers(head.name())) {
      int bin = Math.min(BINS - 1, (int) (answer.probability() * BINS));
      counts[bin]++;
      probabilities[bin] += answer.probability();
      right[bin] += answer.right() ? 1 : 0;
      all++;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int b = 0; b < BINS; b++) {
      if (counts[b] > 0) {
        Bin bin = new Bin(counts[b], probabilities[b] / counts[b], (double) right[b] / counts[b]);
        bins.add(bin);
        error += Math.abs(bin.probability() - bin.right()) * counts[b] / all;
      }
    }
    return new Calibration(List.copyOf(bins), all == 0 ? Double.NaN : error);
  }
}
