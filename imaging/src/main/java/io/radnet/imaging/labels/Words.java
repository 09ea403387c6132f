package io.radnet.imaging.labels;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts text into words: upper case, accents dropped, split at everything that is neither letter nor
 * digit, after the rewrites of the rules (such as {@code W/O} to {@code WO}).
 */
final class Words {
  private final Map<String, String> rewrites;

  Words(Map<String, String> rewrites) {
    this.rewrites = rewrites;
  }

  List<String> of(String text) {
    String upper =
        Normalizer.normalize(text, Normalizer.Form.NFD)
            .replaceAll("\\p{M}+", "")
            .toUpperCase(Locale.ROOT);
    for (Map.Entry<String, String> rewrite : rewrites.entrySet()) {
      upper = replaceWhole(upper, rewrite.getKey(), rewrite.getValue());
    }
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= upper.length(); i++) {
      boolean inside = i < upper.length() && Character.isLetterOrDigit(upper.charAt(i));
      if (inside && start < 0) {
        start = i;
      } else if (!inside && start >= 0) {
        words.add(upper.substring(start, i));
        start = -1;
      }
    }
    return words;
  }

  /** Replaces {@code from} where its letters do not continue a word to either side. */
  private static String replaceWhole(String text, String from, String to) {
    int at = text.indexOf(from);
    if (at < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int copied = 0;
    while (at >= 0) {
      int end = at + from.length();
      char last = from.charAt(from.length() - 1);
      if (open(text, at - 1, from.charAt(0)) && open(text, end, last) && !joins(text, end, last)) {
        result.append(text, copied, at).append(' ').append(to).append(' ');
        copied = end;
      }
      at = text.indexOf(from, end);
    }
    return result.append(text.substring(copied)).toString();
  }

  /** Whether a sign at the end joins two words, as in C-SPINE, and is none of the first. */
  private static boolean joins(String text, int next, char sign) {
    return (sign == '-' || sign == '+')
        && next < text.length()
        && Character.isLetterOrDigit(text.charAt(next));
  }

  private static boolean open(String text, int neighbour, char edge) {
    return !Character.isLetterOrDigit(edge)
        || neighbour < 0
        || neighbour >= text.length()
        || !Character.isLetterOrDigit(text.charAt(neighbour));
  }
}
