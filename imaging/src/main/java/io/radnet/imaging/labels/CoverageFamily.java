package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Coverage: how far the slices reach along and across their normal, in mm. */
final class CoverageFamily {
  private static final double MEASURED = 0.99;
  private static final double PARTLY = 0.6;

  Label label(SeriesShape shape) {
    List<String> facts = new ArrayList<>();
    double along = shape.extentAlong();
    if (along > 0) {
      facts.add(String.format(Locale.ROOT, "along the normal: %.1f mm", along));
    }
    if (!shape.inPlaneMm().isEmpty()) {
      facts.add(
          String.format(
              Locale.ROOT,
              "across: %.1f x %.1f mm",
              shape.rows() * shape.inPlaneMm().get(0),
              shape.columns() * shape.inPlaneMm().get(1)));
    }
    if (facts.isEmpty()) {
      return Label.unknown("neither positions nor pixel spacing");
    }
    return new Label(
        "known",
        facts.size() == 2 ? MEASURED : PARTLY,
        facts,
        List.of(),
        "positions, rows, columns and PixelSpacing");
  }
}
