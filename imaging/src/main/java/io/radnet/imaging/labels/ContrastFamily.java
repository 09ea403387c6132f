package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Contrast agent: usage sequence, then agent, route and amount, then words of the descriptions. An
 * absent attribute is not "no contrast"; oral and intravenous are different labels.
 */
final class ContrastFamily {
  private static final String IV = "iv";
  private static final String NONE = "none";
  private static final String ORAL = "oral";
  private static final Map<String, Set<String>> REFINES = Map.of(IV, Set.of(ORAL));

  /** What a text is the name of. */
  private enum Scope {
    SERIES,
    STUDY,
    /** A study with an agent has series before it too, so it does not contradict one. */
    STUDY_OF_NATIVE_SERIES
  }

  private final Rules rules;

  ContrastFamily(Rules rules) {
    this.rules = rules;
  }

  Label label(SeriesHeader header, String modality, List<String> traps) {
    Ballot ballot = new Ballot(rules, REFINES);
    boolean unenhanced = namedNative(header);
    usage(header, ballot);
    agent(header, ballot, unenhanced, traps);
    for (String type : header.texts(Attribute.IMAGE_TYPE)) {
      rules
          .table("contrast_image_type")
          .whole(rules.words(type))
          .ifPresent(
              value -> ballot.add(new Vote(value, rules.weight("image_type"), "ImageType", type)));
    }
    text(header, ballot, Attribute.SERIES_DESCRIPTION, "series_description", Scope.SERIES);
    text(header, ballot, Attribute.PROTOCOL_NAME, "study_description", Scope.SERIES);
    for (String text : header.texts(Attribute.DERIVATION_DESCRIPTION)) {
      for (PhraseTable.Match match : rules.matches("contrast_derivation", text)) {
        ballot.add(
            new Vote(
                match.label(),
                rules.weight("series_description"),
                "DerivationDescription",
                match.phrase()));
      }
    }
    if (!modality.equals("PT") && !modality.equals("NM")) {
      // The study of a PET is described by its CT.
      Scope scope = unenhanced ? Scope.STUDY_OF_NATIVE_SERIES : Scope.STUDY;
      text(header, ballot, Attribute.STUDY_DESCRIPTION, "study_description", scope);
      text(header, ballot, Attribute.PERFORMED_PROCEDURE, "procedure", scope);
      text(header, ballot, Attribute.REQUESTED_PROCEDURE, "procedure", scope);
      text(header, ballot, Attribute.PROCEDURE_CODE, "procedure", scope);
    }
    return ballot.decide();
  }

  private void usage(SeriesHeader header, Ballot ballot) {
    double weight = rules.weight("contrast_usage");
    if (header.is(Attribute.AGENT_ADMINISTERED, "YES")
        || header.is(Attribute.AGENT_DETECTED, "YES")) {
      ballot.add(new Vote(IV, weight, "ContrastBolusUsageSequence", "administered"));
    } else if (header.is(Attribute.AGENT_ADMINISTERED, "NO")) {
      ballot.add(new Vote(NONE, weight, "ContrastBolusUsageSequence", "not administered"));
    }
    for (String phase : header.texts(Attribute.AGENT_PHASE)) {
      ballot.add(
          phase.equalsIgnoreCase("PRE_CONTRAST")
              ? new Vote(NONE, weight, "ContrastBolusAgentPhase", "PRE_CONTRAST")
              : new Vote(IV, weight, "ContrastBolusAgentPhase", "after the injection"));
    }
  }

  /** Whether the name of the series says that there was no agent, and nothing else. */
  private boolean namedNative(SeriesHeader header) {
    List<PhraseTable.Match> matches =
        header.texts(Attribute.SERIES_DESCRIPTION).stream()
            .flatMap(text -> rules.matches("contrast_text", text).stream())
            .toList();
    return has(matches, NONE) && !has(matches, "ambiguous") && !has(matches, ORAL);
  }

  private void agent(SeriesHeader header, Ballot ballot, boolean unenhanced, List<String> traps) {
    String route = "";
    for (String text : header.texts(Attribute.ROUTE)) {
      route = rules.table("contrast_route").whole(rules.words(text)).orElse(route);
    }
    boolean named = false;
    for (Attribute attribute : List.of(Attribute.AGENT, Attribute.AGENT_SEQUENCE)) {
      for (String text : header.texts(attribute)) {
        if (rules.words(text).isEmpty()) {
          continue; // a dash or a dot in the place of a name
        }
        List<PhraseTable.Match> matches =
            rules
                .table("contrast_agent_whole")
                .whole(rules.words(text))
                .map(label -> List.of(new PhraseTable.Match(text, label)))
                .orElseGet(() -> rules.matches("contrast_agent", text));
        boolean none = has(matches, NONE);
        boolean oral = has(matches, ORAL);
        boolean iv = has(matches, IV);
        if (has(matches, "unknown") && !iv && !oral) {
          continue;
        }
        if (none && !iv && !oral) {
          ballot.add(
              new Vote(
                  NONE, rules.weight("contrast_agent_none"), attribute.keyword(), "a negation"));
        } else {
          named = true;
          if (unenhanced && header.numbers(Attribute.AGENT_VOLUME).equals(Set.of(0.0))) {
            continue; // filled in by the console; nothing was given
          }
          boolean onlyOral = (oral && !iv) || (route.equals(ORAL) && !iv);
          ballot.add(
              new Vote(
                  onlyOral ? ORAL : IV,
                  rules.weight("contrast_agent"),
                  attribute.keyword(),
                  matches.isEmpty() ? "an agent" : matches.get(0).phrase()));
        }
      }
    }
    if (!route.isEmpty() && named) {
      ballot.add(new Vote(route, rules.weight("contrast_amount"), "ContrastBolusRoute", route));
    }
    for (String text : header.texts(Attribute.AGENT_INGREDIENT)) {
      rules
          .table("contrast_ingredient")
          .whole(rules.words(text))
          .ifPresent(
              value ->
                  ballot.add(
                      new Vote(
                          value,
                          rules.weight("contrast_amount"),
                          "ContrastBolusIngredient",
                          value)));
    }
    String by = route.equals(ORAL) ? ORAL : IV;
    for (Attribute amount :
        List.of(Attribute.AGENT_VOLUME, Attribute.AGENT_DOSE, Attribute.AGENT_FLOW)) {
      if (header.positive(amount).isPresent()) {
        ballot.add(new Vote(by, rules.weight("contrast_amount"), amount.keyword(), "above 0"));
      }
    }
    if (named && header.numbers(Attribute.AGENT_VOLUME).equals(Set.of(0.0))) {
      traps.add("a contrast agent with volume 0");
    }
  }

  private void text(
      SeriesHeader header, Ballot ballot, Attribute attribute, String weight, Scope scope) {
    for (String text : header.texts(attribute)) {
      List<PhraseTable.Match> matches = new ArrayList<>(rules.matches("contrast_text", text));
      if (scope != Scope.SERIES) {
        matches.removeIf(match -> rules.has("contrast_series_only", match.phrase()));
      }
      if (has(matches, "ambiguous")) {
        continue;
      }
      boolean none = has(matches, NONE) || scope == Scope.STUDY_OF_NATIVE_SERIES;
      for (PhraseTable.Match match : matches) {
        // "without" beside a bare "contrast" further on negates it
        if (!(none && match.label().equals(IV))) {
          ballot.add(
              new Vote(match.label(), rules.weight(weight), attribute.keyword(), match.phrase()));
        }
      }
    }
  }

  private static boolean has(List<PhraseTable.Match> matches, String label) {
    return matches.stream().anyMatch(match -> match.label().equals(label));
  }
}
