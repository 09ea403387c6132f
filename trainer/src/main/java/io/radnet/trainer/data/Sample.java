package io.radnet.trainer.data;

/**
 * One series of a data set.
 *
 * @param name its path in the data set, for messages and reports; several series share it where
 *     they lie in one folder
 * @param seriesUid as the label row has it, a pseudonym where it was pseudonymised; empty where
 *     there is none
 * @param input where its preprocessed voxels come from
 * @param target what the heads should answer; a slice spacing is the input's
 * @param spacingFactor the input's slice spacing in slice spacings of the series, see {@link
 *     io.radnet.imaging.transform.Preprocessor#spacingFactor}
 */
public record Sample(
    String name, String seriesUid, Input input, Target target, double spacingFactor) {
  /** A series without a UID whose every slice is in the input. */
  public Sample(String name, Input input, Target target) {
    this(name, "", input, target, 1);
  }

  /** Preprocessed voxels. */
  @FunctionalInterface
  public interface Input {
    /** Values in [0, 1], layout [D, H, W]; a fresh array at each call. */
    float[] read();
  }
}
