package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whole-word phrases and the label that each stands for. A phrase matches consecutive words, never
 * a part of one; the longest phrase wins and takes its words out of the text.
 */
final class PhraseTable {
  /** The label that takes a phrase out of a table. */
  static final String IGNORE = "ignore";

  /** A phrase found in a text. */
  record Match(String phrase, String label) {}

  private final Map<String, String> labels = new TreeMap<>();
  private int longest = 1;

  void put(String phrase, String label) {
    labels.put(phrase, label);
    longest = Math.max(longest, (int) phrase.chars().filter(c -> c == ' ').count() + 1);
  }

  /** Every phrase in the words, from left to right. */
  List<Match> matches(List<String> words) {
    List<Match> found = new ArrayList<>();
    int at = 0;
    while (at < words.size()) {
      int taken = 1;
      for (int length = Math.min(longest, words.size() - at); length >= 1; length--) {
        String phrase = String.join(" ", words.subList(at, at + length));
        String label = labels.get(phrase);
        if (label != null) {
          taken = length;
          if (!label.equals(IGNORE)) {
            found.add(new Match(phrase, label));
          }
          break;
        }
      }
      at += taken;
    }
    return found;
  }

  /** The label of a text that is one phrase as a whole. */
  Optional<String> whole(List<String> words) {
    return Optional.ofNullable(labels.get(String.join(" ", words)))
        .filter(label -> !label.equals(IGNORE));
  }

  PhraseTable copy() {
    PhraseTable copy = new PhraseTable();
    labels.forEach(copy::put);
    return copy;
  }
}
