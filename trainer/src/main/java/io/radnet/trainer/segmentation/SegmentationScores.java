package io.radnet.trainer.segmentation;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.LabelMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The overlap of each scan and class, on the scans' own grids.
 *
 * @param rows one per scan and foreground class that occurs in truth or answer
 */
public record SegmentationScores(List<Row> rows) {
  /**
   * One scan and class.
   *
   * @param scan its name
   * @param label the class's name
   * @param overlap the figures
   */
  public record Row(String scan, String label, Overlap overlap) {}

  /** Copies the list. */
  public SegmentationScores {
    rows = List.copyOf(rows);
  }

  /** Segments all scans and compares. */
  public static SegmentationScores of(
      Block network, NDManager manager, Recipe recipe, List<SegmentationSample> samples) {
    SlidingWindowPrediction prediction = new SlidingWindowPrediction(network, manager, recipe);
    List<Row> rows = new ArrayList<>();
    for (SegmentationSample sample : samples) {
      LabelMap answer = prediction.segment(sample.input(), sample.truth().geometry());
      for (int c = 1; c < recipe.labels().size(); c++) {
        Overlap overlap = Overlap.of(sample.truth(), answer, c);
        if (overlap.truthMillilitres() > 0 || overlap.answerMillilitres() > 0) {
          rows.add(new Row(sample.name(), recipe.labels().get(c), overlap));
        }
      }
    }
    return new SegmentationScores(rows);
  }

  /** Mean Dice over all rows; NaN without rows. */
  public double meanDice() {
    return rows.stream().mapToDouble(row -> row.overlap().dice()).average().orElse(Double.NaN);
  }

  /**
   * Means by name, such as {@code liver.dice}. A scan of which one mask is empty counts with the
   * diagonal of its grid in {@code liver.hausdorff95_mm}.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("score", meanDice());
    for (String label : rows.stream().map(Row::label).distinct().toList()) {
      List<Overlap> overlaps =
          rows.stream().filter(row -> row.label().equals(label)).map(Row::overlap).toList();
      metrics.put(
          label + ".dice", overlaps.stream().mapToDouble(Overlap::dice).average().orElse(0));
      metrics.put(label + ".iou", overlaps.stream().mapToDouble(Overlap::iou).average().orElse(0));
      metrics.put(
          label + ".surface_dice",
          overlaps.stream().mapToDouble(Overlap::surfaceDice).average().orElse(0));
      metrics.put(
          label + ".hausdorff95_mm",
          overlaps.stream().mapToDouble(Overlap::hausdorff95).average().orElse(Double.NaN));
    }
    return metrics;
  }

  /** A table for people. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%-24s %-12s %6s %6s %12s %8s %10s %10s%n",
            "scan",
            "class",
            "Dice",
            "IoU",
            "surface Dice",
            "HD95 mm",
            "truth ml",
            "answer ml"));
    for (Row row : rows) {
      Overlap o = row.overlap();
      table.append(
          String.format(
              Locale.ROOT,
              "%-24s %-12s %6.3f %6.3f %12.3f %8s %10.1f %10.1f%n",
              row.scan(),
              row.label(),
              o.dice(),
              o.iou(),
              o.surfaceDice(),
              String.format(Locale.ROOT, "%.1f%s", o.hausdorff95(), o.oneEmpty() ? "*" : ""),
              o.truthMillilitres(),
              o.answerMillilitres()));
    }
    if (rows.stream().anyMatch(row -> row.overlap().oneEmpty())) {
      table.append("* one mask is empty: counted as the diagonal of the scan's grid\n");
    }
    return table.toString();
  }
}
