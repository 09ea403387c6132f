package io.radnet.trainer.study;

import io.radnet.trainer.segmentation.EncoderSchedule;
import io.radnet.trainer.training.Devices;
import java.util.ArrayList;
import java.util.List;

/**
 * What a study runs: every seed, number of labelled scans and budget, with the backbone and
 * without.
 *
 * @param seeds of weights, windows and the choice of scans
 * @param labelled numbers of training scans
 * @param steps budgets
 * @param batch windows per step
 * @param learningRate the highest
 * @param encoder how the backbone's weights learn
 * @param device where to run
 */
public record TransferPlan(
    List<Long> seeds,
    List<Integer> labelled,
    List<Integer> steps,
    int batch,
    double learningRate,
    EncoderSchedule encoder,
    Devices device) {
  /** Copies the lists. */
  public TransferPlan {
    seeds = List.copyOf(seeds);
    labelled = List.copyOf(labelled);
    steps = List.copyOf(steps);
  }

  /**
   * Runs in order: both starts of a setting follow each other, so that a partial study has pairs.
   */
  List<TransferRow.Key> runs() {
    List<TransferRow.Key> runs = new ArrayList<>();
    for (long seed : seeds) {
      for (int budget : steps) {
        for (int count : labelled) {
          runs.add(new TransferRow.Key(seed, count, budget, true));
          runs.add(new TransferRow.Key(seed, count, budget, false));
        }
      }
    }
    return runs;
  }
}
