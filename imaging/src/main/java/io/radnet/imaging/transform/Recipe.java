package io.radnet.imaging.transform;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/**
 * Everything that a model needs to know of the road from a scan to its input and back. The trainer
 * writes it, the exporter puts it into the ONNX metadata (key {@code radnet.recipe}, as JSON), the
 * server reads nothing else.
 *
 * @param formatVersion of this record, 1 to 3. Since 2 a labels model that keeps the scan's own
 *     slice spacing sees scans of many slices at a multiple of it, since 3 one with a spacing in
 *     the plane sees small scans enlarged, see {@link Preprocessor#spacingFactor}
 * @param task what the model answers
 * @param orientation the frame of the input grid
 * @param spacingMm voxel size (depth, height, width) in mm; 0 keeps the scan's own spacing along
 *     that axis
 * @param grid voxels (depth, height, width) of the network's input
 * @param intensity how values become [0, 1]
 * @param slidingWindow for segmentation: how windows of the grid's size cover a scan
 * @param heads outputs of a labels model in order; empty for a segmentation model
 * @param labels class names of a segmentation model, index 0 is background; empty for a labels
 *     model
 * @param embeddingSize length of the embedding, 0 where the model has none
 * @param modelVersion free text, such as a date or a run's name
 * @param trainingSummary data and metrics in one paragraph, for people
 * @param extra further facts for people, such as seed and number of series
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Recipe(
    int formatVersion,
    Task task,
    Orientation orientation,
    List<Double> spacingMm,
    List<Integer> grid,
    Intensity intensity,
    SlidingWindowSpec slidingWindow,
    List<Head> heads,
    List<String> labels,
    int embeddingSize,
    String modelVersion,
    String trainingSummary,
    Map<String, String> extra) {

  /** Format that this code writes. It reads this and all before. */
  public static final int FORMAT_VERSION = 3;

  /** What a model answers. */
  public enum Task {
    /** Embedding and one output per head. */
    LABELS,
    /** One logit per class and voxel. */
    SEGMENTATION
  }

  /** The frame of the input grid: which patient direction each array axis runs to. */
  public enum Orientation {
    /**
     * As acquired: depth runs along the slice normal, height down the rows; what a view label
     * needs.
     */
    ACQUISITION,
    /** Depth to superior, height to posterior, width to left (LPS), whatever the acquisition. */
    LPS
  }

  /**
   * How values become [0, 1].
   *
   * @param kind window (lower and upper are values, such as HU), percentile (lower and upper are
   *     percent of the scan's own voxels) or CT window (HU, for CT only)
   * @param lower maps to 0
   * @param upper maps to 1
   */
  public record Intensity(Kind kind, double lower, double upper) {
    /** What lower and upper mean. */
    public enum Kind {
      /** Values in the scan's units. */
      WINDOW,
      /** Percent of the scan's own voxels. */
      PERCENTILE,
      /**
       * A window in HU for CT, and the 0.5th to 99.5th percentile of the scan's own voxels for
       * every other scan. CT is known by its air, not by its header: its 0.5th percentile lies
       * below -500. Percentiles would lose what only CT has, values with a meaning of their own.
       */
      CT_WINDOW
    }

    /** Checks the order. */
    public Intensity {
      if (!(lower < upper)) {
        throw new IllegalArgumentException(
            "intensity: " + lower + " to " + upper + " (expected: lower < upper)");
      }
    }
  }

  /**
   * How windows cover a scan.
   *
   * @param overlap share of a window that its neighbour covers too, in [0, 0.9]
   * @param gaussianSigma sigma of the blending weight as a share of the window; 0 blends evenly
   */
  public record SlidingWindowSpec(double overlap, double gaussianSigma) {
    /** Checks the range. */
    public SlidingWindowSpec {
      if (!(overlap >= 0 && overlap <= 0.9)) {
        throw new IllegalArgumentException("overlap: " + overlap + " (expected: in [0, 0.9])");
      }
    }
  }

  /**
   * One output.
   *
   * @param name modality, sequence, view, contrast, regions or spacing; also the ONNX output's name
   * @param activation what turns the logits into an answer
   * @param classes class names in order; for a linear head the unit, such as {@code log_mm}
   */
  public record Head(String name, Activation activation, List<String> classes) {
    /** What turns logits into an answer. */
    public enum Activation {
      /** One class. */
      SOFTMAX,
      /** Any number of classes. */
      SIGMOID,
      /** A number: the natural logarithm of the slice spacing in mm. */
      LINEAR
    }

    /** Copies the list. */
    public Head {
      classes = List.copyOf(classes);
    }
  }

  /** Checks what all consumers rely on, and copies. */
  public Recipe {
    if (formatVersion < 1 || formatVersion > FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "recipe format: " + formatVersion + " (expected: 1 to " + FORMAT_VERSION + ")");
    }
    if (spacingMm.size() != 3 || grid.size() != 3) {
      throw new IllegalArgumentException(
          "recipe: spacing_mm and grid need 3 values (depth, height, width)");
    }
    spacingMm = List.copyOf(spacingMm);
    grid = List.copyOf(grid);
    heads = List.copyOf(heads);
    labels = List.copyOf(labels);
    extra = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(extra));
    for (int side : grid) {
      if (side < 1) {
        throw new IllegalArgumentException("recipe grid: " + grid + " (expected: every side >= 1)");
      }
    }
    for (double spacing : spacingMm) {
      if (!(spacing >= 0) || Double.isInfinite(spacing)) {
        throw new IllegalArgumentException(
            "recipe spacing_mm: " + spacingMm + " (expected: every value >= 0)");
      }
    }
  }
}
