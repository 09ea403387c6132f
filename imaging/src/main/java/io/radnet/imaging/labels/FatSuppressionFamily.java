package io.radnet.imaging.labels;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fat suppression of MR: the enhanced attribute, ScanOptions, the sequence, and words. */
final class FatSuppressionFamily {
  private static final Map<String, Set<String>> REFINES = Map.of();

  private final Rules rules;

  FatSuppressionFamily(Rules rules) {
    this.rules = rules;
  }

  Label label(SeriesHeader header, String modality, String sequence) {
    if (!modality.equals("MR")) {
      return Label.of("none", 0.99, "Modality");
    }
    Ballot ballot = new Ballot(rules, REFINES);
    for (String value : header.texts(Attribute.FAT_SUPPRESSION)) {
      rules
          .table("fat_enhanced")
          .whole(rules.words(value))
          .ifPresent(
              answer ->
                  ballot.add(
                      new Vote(
                          answer,
                          rules.weight("acquisition_contrast"),
                          "SpectrallySelectedSuppression",
                          value)));
    }
    boolean option = false;
    for (String value : header.texts(Attribute.SCAN_OPTIONS)) {
      if (rules.has("fat_scan_options", value)) {
        option = true;
        ballot.add(new Vote("yes", rules.weight("scan_options"), "ScanOptions", value));
      }
    }
    ballot.addWhole(
        header, "fat_image_type", "scan_options", Attribute.IMAGE_TYPE, Attribute.FRAME_TYPE);
    if (sequence.equals("STIR")) {
      ballot.add(new Vote("yes", rules.weight("scan_options"), "sequence", "STIR"));
    }
    for (Attribute attribute : List.of(Attribute.SERIES_DESCRIPTION, Attribute.PROTOCOL_NAME)) {
      for (String text : header.texts(attribute)) {
        for (PhraseTable.Match match : rules.matches("fat_text", text)) {
          ballot.add(
              new Vote(
                  match.label(),
                  rules.weight("series_description"),
                  attribute.keyword(),
                  match.phrase()));
        }
      }
    }
    if (ballot.votes().isEmpty()
        && !option
        && header.present(Attribute.SCAN_OPTIONS)
        && !rules
            .matches("fat_silent_vendors", header.text(Attribute.MANUFACTURER).orElse(""))
            .isEmpty()) {
      ballot.add(
          new Vote(
              "no", rules.weight("scan_options_silent"), "ScanOptions", "names no fat saturation"));
    }
    return ballot.decide();
  }
}
