package io.radnet.imaging.labels;

import java.util.List;

/**
 * The answer of one family.
 *
 * @param value the label, or unknown
 * @param confidence in [0, 1]; 0 where unknown
 * @param attributes what decided
 * @param votes everything that spoke, for {@code --explain}
 * @param reason why the value won, in words
 */
record Label(
    String value, double confidence, List<String> attributes, List<Vote> votes, String reason) {
  static final String UNKNOWN = "unknown";

  Label {
    attributes = List.copyOf(attributes);
    votes = List.copyOf(votes);
  }

  static Label unknown(String reason) {
    return new Label(UNKNOWN, 0, List.of(), List.of(), reason);
  }

  static Label of(String value, double confidence, String attribute) {
    return new Label(value, confidence, List.of(attribute), List.of(), attribute);
  }

  SeriesLabels.Evidence evidence() {
    return new SeriesLabels.Evidence(Math.round(confidence * 1000) / 1000.0, attributes);
  }
}
