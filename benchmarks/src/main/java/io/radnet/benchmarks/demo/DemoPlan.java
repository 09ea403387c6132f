package io.radnet.benchmarks.demo;

/**
 * How much the demo does.
 *
 * @param labelSeries phantom series for the label network
 * @param liverSeries phantom series for the segmentation network
 * @param seed of all that is random
 * @param trainOptions appended to {@code radnet train}
 * @param finetuneOptions appended to {@code radnet finetune}
 */
public record DemoPlan(
    int labelSeries, int liverSeries, long seed, String[] trainOptions, String[] finetuneOptions) {
  /** At most five minutes on two cores. */
  public static DemoPlan standard() {
    return new DemoPlan(
        400,
        60,
        7,
        new String[] {"--max-minutes", "1.4"},
        new String[] {"--steps", "500", "--max-minutes", "1.6"});
  }

  /** Copies the options. */
  public DemoPlan {
    trainOptions = trainOptions.clone();
    finetuneOptions = finetuneOptions.clone();
  }
}
