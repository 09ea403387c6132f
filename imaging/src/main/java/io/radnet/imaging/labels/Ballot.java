package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts votes as independent witnesses. The belief in a value is {@code 1 - prod(1 - weight)}; the
 * winner's confidence is its odds against its strongest rival, {@code p (1 - q) / (p (1 - q) + q (1
 * - p))}. A value that refines another (T2-FLAIR is T2-weighted) takes the other's votes for no
 * contradiction.
 */
final class Ballot {
  private final Rules rules;
  private final Map<String, Set<String>> refines;
  private final List<Vote> votes = new ArrayList<>();

  Ballot(Rules rules, Map<String, Set<String>> refines) {
    this.rules = rules;
    this.refines = refines;
  }

  /** Adds a vote; the same source says the same value only once. */
  void add(Vote vote) {
    for (Vote other : votes) {
      if (other.value().equals(vote.value()) && other.source().equals(vote.source())) {
        return;
      }
    }
    votes.add(vote);
  }

  /** Adds a vote for each value of these attributes that is a phrase of a table as a whole. */
  void addWhole(SeriesHeader header, String table, String weight, Attribute... attributes) {
    for (Attribute attribute : attributes) {
      for (String value : header.texts(attribute)) {
        rules
            .table(table)
            .whole(rules.words(value))
            .ifPresent(
                label ->
                    add(
                        new Vote(
                            label,
                            rules.weight(weight),
                            attribute.keyword(),
                            value.toUpperCase(Locale.ROOT))));
      }
    }
  }

  List<Vote> votes() {
    return votes;
  }

  /** How far each value is believed. */
  Map<String, Double> beliefs() {
    Map<String, Double> beliefs = new TreeMap<>();
    for (Vote vote : votes) {
      beliefs.merge(vote.value(), vote.weight(), (a, b) -> 1 - (1 - a) * (1 - b));
    }
    return beliefs;
  }

  /** The winner, or unknown where nothing or too little speaks for one value. */
  Label decide() {
    Map<String, Double> beliefs = beliefs();
    double enough = rules.threshold("decide_confidence");
    String winner = null;
    for (Map.Entry<String, Double> belief : beliefs.entrySet()) {
      if (!refined(belief.getKey(), beliefs, enough)
          && (winner == null || belief.getValue() > beliefs.getOrDefault(winner, 0.0))) {
        winner = belief.getKey();
      }
    }
    if (winner == null) {
      return new Label(Label.UNKNOWN, 0, List.of(), votes, "nothing speaks for a value");
    }
    double p = beliefs.getOrDefault(winner, 0.0);
    double q = 0;
    String rival = "";
    for (Map.Entry<String, Double> belief : beliefs.entrySet()) {
      if (!belief.getKey().equals(winner)
          && !refines.getOrDefault(winner, Set.of()).contains(belief.getKey())
          && belief.getValue() > q) {
        q = belief.getValue();
        rival = belief.getKey();
      }
    }
    double confidence = q == 0 ? p : p * (1 - q) / (p * (1 - q) + q * (1 - p));
    boolean conflict = q >= 0.5;
    if (conflict) {
      confidence = Math.min(confidence, rules.threshold("conflict_confidence"));
    }
    String reason =
        String.format(
            java.util.Locale.ROOT,
            "%s is believed %.2f%s",
            winner,
            p,
            rival.isEmpty()
                ? ", without a rival"
                : String.format(java.util.Locale.ROOT, ", its rival %s %.2f", rival, q));
    if (confidence < (conflict ? rules.threshold("conflict_decide_confidence") : enough)) {
      return new Label(Label.UNKNOWN, 0, names(votes), votes, reason + ": too close to tell");
    }
    String value = winner;
    Set<String> agreeing = refines.getOrDefault(winner, Set.of());
    List<Vote> deciding =
        votes.stream()
            .filter(vote -> vote.value().equals(value) || agreeing.contains(vote.value()))
            .toList();
    return new Label(winner, confidence, names(deciding), votes, reason);
  }

  private boolean refined(String value, Map<String, Double> beliefs, double enough) {
    return refines.entrySet().stream()
        .anyMatch(
            other ->
                other.getValue().contains(value)
                    && beliefs.getOrDefault(other.getKey(), 0.0) >= enough);
  }

  private static List<String> names(List<Vote> votes) {
    return votes.stream().map(Vote::toString).distinct().toList();
  }
}
