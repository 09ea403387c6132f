package io.radnet.trainer.network;

import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.imaging.transform.Recipe.Head.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Network sizes with the input that goes with them. All are the same kind of network. */
public enum Preset {
  /** Trains in about a minute on two cores: for the demo and for tests. */
  TINY(
      new Architecture("tiny", List.of(1, 1, 1), List.of(8, 16, 32), 4, 16, List.of(3, 7, 7), 64),
      List.of(16, 48, 48),
      8,
      List.of(8.0, 8.0, 8.0)),
  /**
   * Trains in half an hour on two cores. All channels are multiples of 16, for which oneDNN has
   * blocked convolutions; others fall back to im2col and are slower although smaller. A first
   * convolution of 3x3x3 instead of 7x7 in plane, the dearest of all, learns as well.
   */
  SMALL(
      new Architecture(
          "small", List.of(1, 2, 2, 1), List.of(16, 32, 64, 128), 4, 16, List.of(3, 3, 3), 256),
      List.of(32, 96, 96),
      3,
      List.of(4.0, 4.0, 4.0)),
  /** The published network, for a GPU. */
  PAPER(
      new Architecture(
          "paper", List.of(3, 4, 6, 3), List.of(64, 128, 256, 512), 4, 64, List.of(3, 7, 7), 1000),
      List.of(48, 192, 192),
      2,
      List.of(3.0, 2.0, 2.0));

  /** Soft tissue, contrast agents and the edge of bone. */
  private static final Recipe.Intensity INTENSITY =
      new Recipe.Intensity(Recipe.Intensity.Kind.CT_WINDOW, -200, 400);

  private static final double WINDOW_OVERLAP = 0.5;
  private static final double BLENDING_SIGMA = 0.125;

  private final Architecture architecture;
  private final List<Integer> grid;
  private final double planeSpacingMm;
  private final List<Double> segmentationSpacingMm;

  Preset(
      Architecture architecture,
      List<Integer> grid,
      double planeSpacingMm,
      List<Double> segmentationSpacingMm) {
    this.architecture = architecture;
    this.grid = grid;
    this.planeSpacingMm = planeSpacingMm;
    this.segmentationSpacingMm = segmentationSpacingMm;
    architecture.checkGrid(grid);
  }

  /** As people write it in options. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sizes of the network. */
  public Architecture architecture() {
    return architecture;
  }

  /** Voxels (depth, height, width) of the input. */
  public List<Integer> grid() {
    return grid;
  }

  /**
   * The recipe of a label network: as acquired, in-plane resampled, slices as they are (or at a
   * multiple of their spacing, where there are many); HU in CT and the scan's own 0.5th to 99.5th
   * percentile in all else as [0, 1].
   */
  public Recipe labelRecipe() {
    return new Recipe(
        Recipe.FORMAT_VERSION,
        Recipe.Task.LABELS,
        Recipe.Orientation.ACQUISITION,
        List.of(0.0, planeSpacingMm, planeSpacingMm),
        grid,
        INTENSITY,
        new Recipe.SlidingWindowSpec(WINDOW_OVERLAP, BLENDING_SIGMA),
        heads(),
        List.of(),
        architecture.embedding(),
        "untrained",
        "Not trained yet.",
        Map.of("preset", architecture.name()));
  }

  /**
   * The recipe of a segmentation network: along the patient's axes at a fixed spacing.
   *
   * @param labels class names, index 0 is background
   */
  public Recipe segmentationRecipe(List<String> labels) {
    return new Recipe(
        Recipe.FORMAT_VERSION,
        Recipe.Task.SEGMENTATION,
        Recipe.Orientation.LPS,
        segmentationSpacingMm,
        grid,
        INTENSITY,
        new Recipe.SlidingWindowSpec(WINDOW_OVERLAP, BLENDING_SIGMA),
        List.of(),
        labels,
        0,
        "untrained",
        "Not trained yet.",
        Map.of("preset", architecture.name()));
  }

  /** The heads of a label network in the order of its outputs. */
  public static List<Head> heads() {
    return List.of(
        new Head("modality", Activation.SOFTMAX, List.of("CT", "MR", "PT")),
        new Head(
            "sequence",
            Activation.SOFTMAX,
            List.of(
                "T1w",
                "T2w",
                "PDw",
                "T2-FLAIR",
                "T1-FLAIR",
                "STIR",
                "DWI",
                "ADC",
                "T2star",
                "none")),
        new Head("view", Activation.SOFTMAX, List.of("axial", "coronal", "sagittal")),
        new Head("contrast", Activation.SOFTMAX, List.of("none", "iv")),
        new Head(
            "regions",
            Activation.SIGMOID,
            List.of(
                "brain",
                "head",
                "neck",
                "chest",
                "breast",
                "liver",
                "kidney",
                "abdomen",
                "pelvis",
                "spine",
                "extremity")),
        new Head("spacing", Activation.LINEAR, List.of("log_mm")));
  }
}
