package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is no scan to learn from, and why. Labels are given for it all the same. */
final class Gate {
  private final Rules rules;

  Gate(Rules rules) {
    this.rules = rules;
  }

  /** Whether the series is a localizer by its type, its options or its name. */
  Optional<Vote> localizer(SeriesHeader header) {
    double weight = rules.weight("image_type");
    for (Attribute attribute : List.of(Attribute.IMAGE_TYPE, Attribute.FRAME_TYPE)) {
      if (header.is(attribute, "LOCALIZER")) {
        return Optional.of(new Vote("localizer", weight, attribute.keyword(), "LOCALIZER"));
      }
    }
    for (String option : header.texts(Attribute.SCAN_OPTIONS)) {
      if (rules.has("localizer_scan_options", option)) {
        return Optional.of(new Vote("localizer", weight, "ScanOptions", option));
      }
    }
    for (Attribute attribute : List.of(Attribute.SERIES_DESCRIPTION, Attribute.PROTOCOL_NAME)) {
      for (String text : header.texts(attribute)) {
        for (PhraseTable.Match match : rules.matches("localizer", text)) {
          return Optional.of(
              new Vote(
                  "localizer",
                  rules.weight("series_description"),
                  attribute.keyword(),
                  match.phrase()));
        }
      }
    }
    return Optional.empty();
  }

  /** The reasons, joined, or null for a scan. */
  @Nullable String rejected(
      SeriesHeader header,
      SeriesShape shape,
      String modality,
      SpacingFamily.Spacing spacing,
      boolean localizer,
      List<String> attributes) {
    List<String> reasons = new ArrayList<>();
    if (!rules.table("mask_modality").whole(rules.words(modality)).isEmpty()) {
      attributes.add("Modality");
      return "mask, not an image (" + modality + ")";
    }
    if (!shape.pixels() || shape.slices() == 0) {
      attributes.add("PixelData");
      return "not an image (no pixels)";
    }
    boolean capture =
        header.texts(Attribute.SOP_CLASS_UID).stream()
            .anyMatch(uid -> rules.has("secondary_capture_sop_class", uid));
    if (capture) {
      attributes.add("SOPClassUID");
      reasons.add("secondary capture");
    }
    if (!modality.equals(Label.UNKNOWN) && !rules.has("scan_modality", modality)) {
      attributes.add("Modality");
      return join(reasons, "not a scan (" + modality + ")");
    }
    if (localizer) {
      attributes.add("localizer");
      reasons.add("localizer");
    }
    derived(header, reasons, attributes);
    if (mask(header)) {
      attributes.add("SeriesDescription or the range of the values");
      reasons.add("mask, not an image");
    }
    if (!capture && header.positive(Attribute.SAMPLES_PER_PIXEL).orElse(1) > 1) {
      attributes.add("SamplesPerPixel");
      reasons.add("colour image");
    }
    if (header.is(Attribute.PHOTOMETRIC, "PALETTE COLOR")) {
      attributes.add("PhotometricInterpretation");
      reasons.add("palette colour: values are indices");
    }
    if (shape.normals().isEmpty()) {
      attributes.add("ImageOrientationPatient");
      reasons.add("no slice geometry");
    }
    if (shape.mixed(rules)) {
      attributes.add("ImageOrientationPatient");
      reasons.add("mixed orientation");
    }
    if (spacing.missing() > 0) {
      attributes.add("ImagePositionPatient");
      reasons.add("missing slices: " + spacing.missing() + " gaps");
    }
    int minimum = (int) rules.threshold("minimum_slices");
    if (shape.slices() < minimum) {
      attributes.add("ImagePositionPatient");
      reasons.add("fewer than " + minimum + " slices: " + shape.slices());
    }
    return reasons.isEmpty() ? null : String.join("; ", reasons);
  }

  private static String join(List<String> reasons, String last) {
    reasons.add(last);
    return String.join("; ", reasons);
  }

  private void derived(SeriesHeader header, List<String> reasons, List<String> attributes) {
    List<String> types = new ArrayList<>(header.texts(Attribute.IMAGE_TYPE));
    if (!header.is(Attribute.IMAGE_TYPE, "DERIVED")) {
      return;
    }
    types.addAll(header.texts(Attribute.FRAME_TYPE));
    boolean adc = types.stream().anyMatch(type -> type.equalsIgnoreCase("ADC"));
    for (String type : types) {
      if (rules.has("projection", type)) {
        attributes.add("ImageType");
        reasons.add("derived projection or reformat");
        return;
      }
      if (!adc && rules.has("parametric_map", type)) {
        attributes.add("ImageType");
        reasons.add("derived parametric map");
        return;
      }
    }
  }

  private boolean mask(SeriesHeader header) {
    if (header.is(Attribute.BITS_ALLOCATED, "1")) {
      return true;
    }
    for (String text : header.texts(Attribute.SERIES_DESCRIPTION)) {
      if (!rules.matches("mask_text", text).isEmpty()) {
        return true;
      }
    }
    return header.numbers(Attribute.LARGEST_PIXEL).equals(java.util.Set.of(1.0))
        && header.numbers(Attribute.SMALLEST_PIXEL).equals(java.util.Set.of(0.0));
  }
}
