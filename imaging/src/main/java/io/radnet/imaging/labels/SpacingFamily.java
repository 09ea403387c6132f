package io.radnet.imaging.labels;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Slice spacing: the median distance of the positions along the normal, else SpacingBetweenSlices,
 * else SliceThickness. The tilt comes from the positions, never from the tag.
 */
final class SpacingFamily {
  private static final double MEASURED = 0.99;
  private static final double STATED = 0.7;
  private static final double THICKNESS = 0.4;
  private static final double THICKNESS_TOLERANCE = 0.05;

  private final Rules rules;

  SpacingFamily(Rules rules) {
    this.rules = rules;
  }

  /**
   * The answer.
   *
   * @param missing steps that leave out slices
   */
  record Spacing(
      @Nullable Double mm,
      @Nullable String source,
      @Nullable Boolean uniform,
      @Nullable Double tiltDegrees,
      int missing,
      Label label) {}

  Spacing spacing(SeriesHeader header, SeriesShape shape, String modality, List<String> traps) {
    if (shape.mixed(rules) || (shape.slices() == 1 && !shape.normals().isEmpty())) {
      return new Spacing(
          null,
          null,
          null,
          shape.mixed(rules) ? null : 0.0,
          0,
          Label.unknown("no stack of slices"));
    }
    boolean scan = rules.has("scan_modality", modality);
    if (!scan && !rules.has("mask_modality", modality)) {
      return new Spacing(
          null, null, null, shape.tiltDegrees(), 0, Label.unknown("no scan and no mask"));
    }
    OptionalDouble between = header.positive(Attribute.SPACING_BETWEEN_SLICES);
    OptionalDouble thickness = header.positive(Attribute.SLICE_THICKNESS);
    double median = shape.medianStep();
    if (median > 0) {
      return measured(header, shape, thickness, median, traps);
    }
    if (scan && shape.slices() > 1 && between.isPresent()) {
      return new Spacing(
          SeriesShape.round(between.getAsDouble()),
          "spacing_between_slices",
          null,
          null,
          0,
          Label.of("known", STATED, "SpacingBetweenSlices"));
    }
    if (scan && shape.slices() > 1 && thickness.isPresent()) {
      return new Spacing(
          SeriesShape.round(thickness.getAsDouble()),
          "slice_thickness",
          null,
          null,
          0,
          Label.of("known", THICKNESS, "SliceThickness"));
    }
    return new Spacing(null, null, null, null, 0, Label.unknown("no positions and no spacing"));
  }

  private Spacing measured(
      SeriesHeader header,
      SeriesShape shape,
      OptionalDouble thickness,
      double median,
      List<String> traps) {
    double tolerance = rules.threshold("uniform_tolerance") * median;
    boolean uniform = true;
    int missing = 0;
    for (double step : shape.steps()) {
      uniform &= Math.abs(step - median) <= tolerance;
      missing += leavesOut(step / median) ? 1 : 0;
    }
    if (2 * missing > shape.steps().length) {
      missing = 0; // the wide step is the rule here, not the exception
    }
    double tilt = shape.tiltDegrees() == null ? 0 : shape.tiltDegrees();
    tilt = tilt < rules.threshold("tilt_degrees") ? 0 : Math.round(tilt * 100) / 100.0;
    if (thickness.isPresent()
        && Math.abs(thickness.getAsDouble() - median) > THICKNESS_TOLERANCE * median) {
      traps.add("SliceThickness is not the slice spacing");
    }
    if (!uniform) {
      traps.add(missing > 0 ? "missing slices" : "slices are not evenly spaced");
    }
    if (tilt > 0) {
      traps.add("tilted stack");
    }
    double stated = header.positive(Attribute.GANTRY_TILT).orElse(0);
    if (tilt == 0 && stated > rules.threshold("tilt_degrees")) {
      traps.add("GantryDetectorTilt without a tilt in the positions");
    }
    String source = shape.tiles() ? "private" : "positions";
    return new Spacing(
        SeriesShape.round(median),
        source,
        uniform,
        tilt,
        missing,
        Label.of(
            "known",
            uniform ? MEASURED : STATED,
            shape.tiles() ? "private slice positions" : "ImagePositionPatient"));
  }

  private boolean leavesOut(double multiple) {
    if (multiple >= rules.threshold("missing_slice_any_multiple")) {
      return true;
    }
    return multiple >= rules.threshold("missing_slice_multiple")
        && Math.abs(multiple - Math.rint(multiple)) <= rules.threshold("missing_slice_remainder");
  }
}
