package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Scan target: a vote of codes and exact words, with BodyPartExamined never trusted alone: it needs
 * a plausible extent, loses against words that name another region, and its fill-in values do not
 * count. What the extent must contain is added.
 */
final class RegionFamily {
  /** In the order of the contract. */
  static final List<String> REGIONS =
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
          "extremity");

  private static final Map<String, Set<String>> RELATED =
      Map.of(
          "brain", Set.of("head"),
          "head", Set.of("brain", "neck"),
          "neck", Set.of("head", "spine"),
          "chest", Set.of("breast", "spine"),
          "breast", Set.of("chest"),
          "liver", Set.of("abdomen"),
          "kidney", Set.of("abdomen"),
          "abdomen", Set.of("liver", "kidney", "pelvis", "spine"),
          "pelvis", Set.of("abdomen", "spine"),
          "spine", Set.of("neck", "chest", "abdomen", "pelvis"));

  /** The caret of "Thorax^1HEAD_NECK": a folder of the console, then the protocol. */
  private static final double FOLDER = 0.5;

  /** A region needs this share of the strongest one's belief. */
  private static final double SHARE_OF_STRONGEST = 0.7;

  /** Sources of votes that follow from other votes. */
  private static final Set<String> DERIVED = Set.of("coverage", "sequence");

  private final Rules rules;

  RegionFamily(Rules rules) {
    this.rules = rules;
  }

  /** The regions in the order of the contract, and why. */
  record Regions(List<String> values, Label label) {}

  Regions regions(
      SeriesHeader header,
      SeriesShape shape,
      String modality,
      String sequence,
      String view,
      List<String> traps) {
    List<Vote> votes = new ArrayList<>();
    codes(header, votes);
    if (!modality.equals("PT") && !modality.equals("NM")) {
      text(header, Attribute.STUDY_DESCRIPTION, "study_description", votes);
      text(header, Attribute.REQUESTED_PROCEDURE, "procedure", votes);
    }
    text(header, Attribute.PROCEDURE_CODE, "procedure", votes);
    text(header, Attribute.REQUESTED_CODE, "procedure", votes);
    text(header, Attribute.PERFORMED_PROCEDURE, "procedure", votes);
    text(header, Attribute.SERIES_DESCRIPTION, "series_description", votes);
    text(header, Attribute.PROTOCOL_NAME, "protocol_name", votes);
    bodyPart(header, votes, traps);
    RegionExtent extent = new RegionExtent(rules, shape, view);
    if (modality.equals("MR") || modality.equals("CT")) {
      extent.headOfBrain(sequence, votes);
    }
    extent.trunk(votes, traps);
    extent.organs(votes);
    Ballot ballot = new Ballot(rules, ModalityFamily.NO_REFINEMENT);
    votes.forEach(ballot::add);
    return decide(ballot);
  }

  private Regions decide(Ballot ballot) {
    Map<String, Double> beliefs = ballot.beliefs();
    double strongest = beliefs.values().stream().mapToDouble(b -> b).max().orElse(0);
    double needed = Math.max(rules.threshold("decide_confidence"), SHARE_OF_STRONGEST * strongest);
    List<String> values = new ArrayList<>();
    double confidence = 1;
    for (String region : REGIONS) {
      double belief = beliefs.getOrDefault(region, 0.0);
      if (belief >= needed) {
        values.add(region);
        confidence = Math.min(confidence, capped(belief, region, ballot.votes()));
      }
    }
    if (values.isEmpty()) {
      return new Regions(
          List.of(),
          new Label(Label.UNKNOWN, 0, List.of(), ballot.votes(), "no region is believed enough"));
    }
    boolean contradicted =
        beliefs.entrySet().stream()
            .anyMatch(
                belief ->
                    belief.getValue() >= 0.5
                        && !values.contains(belief.getKey())
                        && values.stream().noneMatch(value -> related(value, belief.getKey())));
    for (String value : values) {
      contradicted |=
          values.size() > 1
              && values.stream().noneMatch(other -> !other.equals(value) && related(value, other));
    }
    Set<String> attributes = new LinkedHashSet<>();
    for (Vote vote : ballot.votes()) {
      if (values.contains(vote.value())) {
        attributes.add(vote.toString());
      }
    }
    if (contradicted) {
      confidence = Math.min(confidence, rules.threshold("conflict_confidence"));
    }
    return new Regions(
        List.copyOf(values),
        new Label(
            String.join(",", values),
            confidence,
            List.copyOf(attributes),
            ballot.votes(),
            String.format(
                Locale.ROOT,
                "believed at least %.2f%s",
                needed,
                contradicted ? ", with words for another region" : "")));
  }

  /** What follows from the extent, or is said by one description only, is not certain. */
  private double capped(double belief, String region, List<Vote> votes) {
    Set<String> witnesses = new LinkedHashSet<>();
    for (Vote vote : votes) {
      if (vote.value().equals(region) && !DERIVED.contains(vote.source())) {
        witnesses.add(vote.source());
      }
    }
    boolean coded = witnesses.contains(Attribute.ANATOMIC_REGION.keyword());
    return coded || witnesses.size() > 1
        ? belief
        : Math.min(belief, rules.threshold("single_witness_confidence"));
  }

  static boolean related(String a, String b) {
    return a.equals(b)
        || RELATED.getOrDefault(a, Set.of()).contains(b)
        || RELATED.getOrDefault(b, Set.of()).contains(a);
  }

  private void codes(SeriesHeader header, List<Vote> votes) {
    for (String value : header.texts(Attribute.ANATOMIC_REGION)) {
      List<String> words = rules.words(value);
      rules
          .table("region_codes")
          .whole(words)
          .or(() -> rules.table("region_text").whole(words))
          .ifPresent(
              regions -> add(votes, regions, "region_code", 1, "AnatomicRegionSequence", "code"));
    }
  }

  private void text(SeriesHeader header, Attribute attribute, String weight, List<Vote> votes) {
    for (String text : header.texts(attribute)) {
      int caret = text.indexOf('^');
      if (caret > 0) {
        words(text.substring(0, caret), attribute, weight, FOLDER, votes);
        words(text.substring(caret + 1), attribute, weight, 1, votes);
      } else {
        words(text, attribute, weight, 1, votes);
      }
    }
  }

  private void words(
      String text, Attribute attribute, String weight, double factor, List<Vote> votes) {
    for (PhraseTable.Match match : rules.matches("region_text", text)) {
      add(votes, match.label(), weight, factor, attribute.keyword(), match.phrase());
    }
  }

  private void bodyPart(SeriesHeader header, List<Vote> votes, List<String> traps) {
    for (String text : header.texts(Attribute.BODY_PART)) {
      List<String> words = rules.words(text);
      if (rules.table("region_unspecific").whole(words).isPresent()) {
        traps.add("BodyPartExamined is a fill-in");
      }
      String weight =
          rules.table("region_unspecific").whole(words).isPresent()
              ? "body_part_unspecific"
              : "body_part";
      for (PhraseTable.Match match : rules.table("region_text").matches(words)) {
        List<String> named = List.of(match.label().split(","));
        boolean outvoted =
            !votes.isEmpty()
                && votes.stream()
                    .noneMatch(vote -> named.stream().anyMatch(r -> related(r, vote.value())));
        if (outvoted) {
          traps.add("BodyPartExamined contradicts the descriptions");
        } else {
          add(votes, match.label(), weight, 1, "BodyPartExamined", match.phrase());
        }
      }
    }
  }

  private void add(
      List<Vote> votes, String regions, String weight, double factor, String source, String what) {
    for (String region : regions.split(",")) {
      votes.add(new Vote(region, factor * rules.weight(weight), source, what));
    }
  }
}
