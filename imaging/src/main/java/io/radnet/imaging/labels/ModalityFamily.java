package io.radnet.imaging.labels;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Modality: the attribute as it stands, cross-checked with the SOP class and, for PET, with the
 * nuclide.
 */
final class ModalityFamily {
  private static final double AGREED = 0.99;
  private static final double STATED = 0.9;
  private static final double CONTRADICTED = 0.6;

  private final Rules rules;

  ModalityFamily(Rules rules) {
    this.rules = rules;
  }

  Label label(SeriesHeader header, List<String> traps) {
    Optional<String> stated =
        header.text(Attribute.MODALITY).map(text -> text.toUpperCase(Locale.ROOT));
    Optional<String> byClass =
        header
            .text(Attribute.SOP_CLASS_UID)
            .flatMap(uid -> rules.table("modality_sop_class").whole(rules.words(uid)));
    if (stated.isEmpty()) {
      return byClass
          .map(modality -> Label.of(modality, STATED, "SOPClassUID"))
          .orElseGet(() -> Label.unknown("neither Modality nor a known SOP class"));
    }
    String modality = stated.get();
    if (modality.equals("PT") && singlePhoton(header)) {
      traps.add("Modality PT with a single-photon nuclide");
      return new Label(
          "NM",
          CONTRADICTED,
          List.of("RadiopharmaceuticalInformationSequence"),
          List.of(),
          "the nuclide emits single photons");
    }
    if (byClass.isPresent() && !byClass.get().equals(modality)) {
      traps.add("Modality contradicts SOPClassUID");
      return new Label(
          modality.equals("PT") && byClass.get().equals("NM") ? "NM" : modality,
          CONTRADICTED,
          List.of("Modality", "SOPClassUID"),
          List.of(),
          "Modality " + modality + ", SOP class of " + byClass.get());
    }
    return byClass.isPresent()
        ? new Label(
            modality, AGREED, List.of("Modality", "SOPClassUID"), List.of(), "both say the same")
        : Label.of(modality, STATED, "Modality");
  }

  private boolean singlePhoton(SeriesHeader header) {
    return header.texts(Attribute.RADIOPHARMACEUTICAL).stream()
        .anyMatch(text -> !rules.matches("modality_nuclide", text).isEmpty());
  }

  /** No value refines another here. */
  static final Map<String, java.util.Set<String>> NO_REFINEMENT = Map.of();
}
