package io.radnet.imaging.labels;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * MR sequence: frame types, b-values, the enhanced attributes and the vendor's sequence name first,
 * then timing, then the words of the descriptions.
 */
final class SequenceFamily {
  private static final Map<String, Set<String>> REFINES =
      Map.ofEntries(
          Map.entry("ADC", Set.of("DWI", "T2w", "fMRI")),
          Map.entry("DWI", Set.of("T2w", "PDw", "fMRI")),
          Map.entry("fMRI", Set.of("T2star", "T2w")),
          Map.entry("SWI", Set.of("T2star", "T1w", "T2w")),
          Map.entry("TOF", Set.of("T1w", "T2star")),
          Map.entry("T2star", Set.of("T2w")),
          Map.entry("T2-FLAIR", Set.of("T2w")),
          Map.entry("T1-FLAIR", Set.of("T1w")),
          Map.entry("STIR", Set.of("T1w", "T2w", "PDw")),
          Map.entry("perfusion", Set.of("fMRI", "T2star", "T1w", "T2w")),
          Map.entry("fieldmap", Set.of("T1w", "T2w", "PDw", "T2star")),
          Map.entry("other", Set.of("T1w", "T2w", "PDw", "T2star", "perfusion", "DWI")),
          Map.entry(
              "localizer",
              Set.of("T1w", "T2w", "PDw", "T2star", "TOF", "other", "fMRI", "perfusion")));

  /** What words that name a kind of scan stand for, where the timing agrees. */
  private static final Map<String, String> STANDS_FOR =
      Map.of("angiography", "TOF", "dixon", "T1w");

  private static final String FMRI = "fMRI";

  private final Rules rules;
  private final SequenceTiming timing;

  SequenceFamily(Rules rules) {
    this.rules = rules;
    this.timing = new SequenceTiming(rules);
  }

  Label label(SeriesHeader header, SeriesShape shape, String modality, boolean localizer) {
    if (!modality.equals("MR")) {
      return Label.of("none", modality.equals(Label.UNKNOWN) ? 0.5 : 0.99, "Modality");
    }
    Ballot ballot = new Ballot(rules, REFINES);
    if (localizer) {
      return Label.of("localizer", rules.weight("image_type"), "a localizer by its gate");
    }
    ballot.addWhole(
        header, "sequence_image_type", "image_type", Attribute.IMAGE_TYPE, Attribute.FRAME_TYPE);
    acquisitionContrast(header, ballot);
    diffusion(header, shape, ballot);
    PulseKind kind = PulseKind.of(header, rules);
    // A gradient echo planar scan is functional, unless it is one volume and called T2*.
    boolean oneCalledStar = shape.volumes() == 1 && says(header, "T2star");
    kind.vendorLabel()
        .filter(label -> !(oneCalledStar && label.equals(FMRI)))
        .ifPresent(
            label ->
                ballot.add(
                    new Vote(label, rules.weight("vendor_name"), kind.vendorSource(), label)));
    timing
        .vote(header, kind)
        .filter(vote -> !(oneCalledStar && vote.value().equals(FMRI)))
        .ifPresent(ballot::add);
    Map<String, Boolean> kinds =
        Map.of("epi", false, "angiography", inflow(header, kind), "dixon", dixon(header, kind));
    text(header, ballot, Attribute.SERIES_DESCRIPTION, "series_description", kinds);
    if (!header.texts(Attribute.PROTOCOL_NAME).equals(header.texts(Attribute.SERIES_DESCRIPTION))) {
      text(header, ballot, Attribute.PROTOCOL_NAME, "protocol_name", kinds);
    }
    return ballot.decide();
  }

  /** Whether a description has a word of this label. */
  private boolean says(SeriesHeader header, String label) {
    return Stream.of(Attribute.SERIES_DESCRIPTION, Attribute.PROTOCOL_NAME)
        .flatMap(attribute -> header.texts(attribute).stream())
        .flatMap(text -> rules.matches("sequence_text", text).stream())
        .anyMatch(match -> match.label().equals(label));
  }

  private void acquisitionContrast(SeriesHeader header, Ballot ballot) {
    for (String value : header.texts(Attribute.ACQUISITION_CONTRAST)) {
      Optional<String> label = rules.table("acquisition_contrast").whole(rules.words(value));
      if (label.isEmpty()) {
        continue;
      }
      double te =
          header
              .positive(Attribute.EFFECTIVE_ECHO_TIME)
              .orElse(header.positive(Attribute.ECHO_TIME).orElse(Double.NaN));
      String refined =
          label.get().equals("T2-FLAIR") && te < rules.threshold("t1_flair_max_te_ms")
              ? "T1-FLAIR"
              : label.get();
      ballot.add(
          new Vote(
              refined,
              rules.weight("acquisition_contrast"),
              "AcquisitionContrast",
              value.toUpperCase(Locale.ROOT)));
    }
  }

  private void diffusion(SeriesHeader header, SeriesShape shape, Ballot ballot) {
    double smallest = rules.threshold("dwi_min_b");
    boolean standard = header.numbers(Attribute.B_VALUE).stream().anyMatch(b -> b >= smallest);
    if (standard || shape.bValues().stream().anyMatch(b -> b >= smallest)) {
      ballot.add(
          new Vote(
              "DWI",
              rules.weight("b_value"),
              standard ? "DiffusionBValue" : "private b-value",
              "above 0"));
    }
  }

  /** Whether words for angiography mean time of flight: gradient echo, its TR, and no agent. */
  private boolean inflow(SeriesHeader header, PulseKind kind) {
    double tr = header.positive(Attribute.REPETITION_TIME).orElse(0);
    return kind.gradient()
        && !kind.spinEcho()
        && tr >= rules.threshold("tof_min_tr_ms")
        && tr <= rules.threshold("tof_max_tr_ms")
        && header.texts(Attribute.AGENT).isEmpty();
  }

  /** Whether a gradient echo with water and fat apart is as short as a T1-weighted one. */
  private boolean dixon(SeriesHeader header, PulseKind kind) {
    double tr = header.positive(Attribute.REPETITION_TIME).orElse(Double.NaN);
    double te = header.positive(Attribute.ECHO_TIME).orElse(Double.NaN);
    double flip = header.positive(Attribute.FLIP_ANGLE).orElse(Double.NaN);
    return kind.gradient()
        && !kind.spinEcho()
        && tr <= rules.threshold("t1_gr_3d_max_tr_ms")
        && te <= rules.threshold("t1_gr_max_te_ms")
        && flip >= rules.threshold("t1_gr_3d_min_flip_degrees");
  }

  /**
   * The words of a text.
   *
   * @param kinds words that name no label, and whether they stand for one here
   */
  private void text(
      SeriesHeader header,
      Ballot ballot,
      Attribute attribute,
      String weight,
      Map<String, Boolean> kinds) {
    for (String text : header.texts(attribute)) {
      for (PhraseTable.Match match : rules.matches("sequence_text", text)) {
        String label = match.label();
        if (!kinds.getOrDefault(label, true)) {
          continue; // a kind, not a label: read elsewhere
        }
        ballot.add(
            new Vote(
                STANDS_FOR.getOrDefault(label, label),
                rules.weight(weight),
                attribute.keyword(),
                match.phrase()));
      }
    }
  }
}
