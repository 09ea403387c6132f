package io.radnet.imaging.labels;

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

  private final Rules rules;

  ContrastFamily(Rules rules) {
    this.rules = rules;
  }

  Label label(SeriesHeader header, String modality, List<String> traps) {
    Ballot ballot = new Ballot(rules, REFINES);
    usage(header, ballot);
    agent(header, ballot, traps);
    for (String type : header.texts(Attribute.IMAGE_TYPE)) {
      rules
          .table("contrast_image_type")
          .whole(rules.words(type))
          .ifPresent(
              value -> ballot.add(new Vote(value, rules.weight("image_type"), "ImageType", type)));
    }
    text(header, ballot, Attribute.SERIES_DESCRIPTION, rules.weight("series_description"));
    text(header, ballot, Attribute.PROTOCOL_NAME, rules.weight("study_description"));
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
      text(header, ballot, Attribute.STUDY_DESCRIPTION, rules.weight("study_description"));
      text(header, ballot, Attribute.PERFORMED_PROCEDURE, rules.weight("procedure"));
      text(header, ballot, Attribute.REQUESTED_PROCEDURE, rules.weight("procedure"));
      text(header, ballot, Attribute.PROCEDURE_CODE, rules.weight("procedure"));
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

  private void agent(SeriesHeader header, Ballot ballot, List<String> traps) {
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
        List<PhraseTable.Match> matches = rules.matches("contrast_agent", text);
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

  private void text(SeriesHeader header, Ballot ballot, Attribute attribute, double weight) {
    for (String text : header.texts(attribute)) {
      List<PhraseTable.Match> matches = rules.matches("contrast_text", text);
      if (has(matches, "ambiguous")) {
        continue;
      }
      boolean none = has(matches, NONE);
      for (PhraseTable.Match match : matches) {
        // "without" beside a bare "contrast" further on negates it
        if (!(none && match.label().equals(IV))) {
          ballot.add(new Vote(match.label(), weight, attribute.keyword(), match.phrase()));
        }
      }
    }
  }

  private static boolean has(List<PhraseTable.Match> matches, String label) {
    return matches.stream().anyMatch(match -> match.label().equals(label));
  }
}
