package io.radnet.imaging.labels;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Why a series has its labels: attributes, votes and winners. */
public final class Explanation {
  private final SeriesLabels labels;
  private final Map<String, Label> families;
  private final Map<Attribute, List<String>> looked;

  Explanation(
      SeriesLabels labels, Map<String, Label> families, Map<Attribute, List<String>> looked) {
    this.labels = labels;
    this.families = families;
    this.looked = looked;
  }

  /** The row. */
  public SeriesLabels labels() {
    return labels;
  }

  /**
   * Prints for people. Shows the values of descriptive attributes as they stand in the header; none
   * of those attributes is meant for a person's name, id or date.
   */
  public void print(PrintWriter out) {
    out.println("series " + labels.seriesUid());
    out.println("path   " + labels.path());
    out.println();
    out.println("Attributes that were looked at");
    looked.forEach(
        (attribute, values) ->
            out.printf(
                Locale.ROOT,
                "  %-38s %s%n",
                attribute.keyword(),
                values.isEmpty() ? "-" : String.join(" \\ ", values).replaceAll("\\s+", " ")));
    families.forEach(
        (family, label) -> {
          out.println();
          out.printf(
              Locale.ROOT,
              "%s = %s   (confidence %.2f)%n",
              family,
              label.value(),
              label.confidence());
          for (Vote vote : label.votes()) {
            out.printf(
                Locale.ROOT,
                "  %.2f for %-12s by %s%n",
                vote.weight(),
                vote.value(),
                vote.toString());
          }
          for (String attribute : label.attributes()) {
            out.println("  decided by " + attribute);
          }
          if (!label.reason().isEmpty()) {
            out.println("  because " + label.reason());
          }
        });
    out.flush();
  }
}
