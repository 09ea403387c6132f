package io.radnet.trainer.data;

/**
 * One series of a data set.
 *
 * @param name its path in the data set, for messages and reports
 * @param input where its preprocessed voxels come from
 * @param target what the heads should answer
 */
public record Sample(String name, Input input, Target target) {
  /** Preprocessed voxels. */
  @FunctionalInterface
  public interface Input {
    /** Values in [0, 1], layout [D, H, W]; a fresh array at each call. */
    float[] read();
  }
}
