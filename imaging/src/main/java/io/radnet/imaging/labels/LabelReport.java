package io.radnet.imaging.labels;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.series.Skipped;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One self-contained page about a run: counts per label, unknowns, reasons of rejection, traps,
 * skipped files and middle slices. No names, ids or dates of patients.
 */
public final class LabelReport {
  private static final int MAXIMUM_LISTED = 200;

  private final Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
  private final Map<String, Long> reasons = new TreeMap<>();
  private final Map<String, Long> traps = new TreeMap<>();
  private final Map<String, SeriesLabels> pictured = new TreeMap<>();
  private long series;
  private long instances;
  private long rejected;

  private LabelReport() {
    for (String family :
        List.of(
            "modality",
            "sequence (MR)",
            "fat suppressed (MR)",
            "view",
            "contrast",
            "regions",
            "spacing source")) {
      counts.put(family, new TreeMap<>());
    }
  }

  /** Writes the page atomically. */
  public static void write(
      Path file, Path base, Iterable<SeriesLabels> rows, Iterable<Skipped> skipped)
      throws IOException {
    LabelReport report = new LabelReport();
    for (SeriesLabels row : rows) {
      report.count(row);
    }
    List<SliceMontage.Picture> pictures =
        SliceMontage.of(base, List.copyOf(report.pictured.values()));
    AtomicFiles.write(
        file,
        out -> {
          Writer page = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          report.page(page, pictures, skipped);
          page.flush();
        });
  }

  private void count(SeriesLabels row) {
    series++;
    instances += row.nInstances();
    add("modality", row.modality());
    if (row.modality().equals("MR")) {
      add("sequence (MR)", row.sequence());
      add("fat suppressed (MR)", row.fatSuppressed());
    }
    add("view", row.view());
    add("contrast", row.contrast());
    if (row.regions().isEmpty()) {
      add("regions", Label.UNKNOWN);
    }
    row.regions().forEach(region -> add("regions", region));
    add("spacing source", row.spacingSource() == null ? Label.UNKNOWN : row.spacingSource());
    String reason = row.rejected();
    if (reason != null) {
      rejected++;
      for (String part : reason.split("; ")) {
        reasons.merge(part.replaceAll(":.*", ""), 1L, Long::sum);
      }
    } else {
      pictured.merge(
          row.modality() + " " + row.sequence() + " " + row.view() + " " + row.regions(),
          row,
          (kept, other) -> other.nSlices() > kept.nSlices() ? other : kept);
    }
    SeriesLabels.Evidence found = row.evidence().get("traps");
    if (found != null) {
      found.attributes().forEach(trap -> traps.merge(trap, 1L, Long::sum));
    }
  }

  private void add(String family, String value) {
    counts.computeIfAbsent(family, name -> new TreeMap<>()).merge(value, 1L, Long::sum);
  }

  private void page(Writer page, List<SliceMontage.Picture> pictures, Iterable<Skipped> skipped)
      throws IOException {
    page.write(
        """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>radnet labels</title><style>
        body{font:14px/1.45 system-ui,sans-serif;margin:24px auto;max-width:1180px;padding:0 16px;color:#1d2733;background:#fff}
        h1{font-size:24px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px}p{margin:4px 0;color:#4a5868}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(340px,1fr));gap:20px 28px}
        .card h2{margin-top:8px}.slices{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:12px}
        figure{margin:0}figure img{width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:4px}
        figcaption{font-size:12px;color:#4a5868}table{border-collapse:collapse;width:100%}
        td,th{text-align:left;padding:3px 8px;border-bottom:1px solid #e3e8ee;vertical-align:top;overflow-wrap:anywhere}
        td.n{text-align:right;font-variant-numeric:tabular-nums;width:64px}text{font:12px system-ui,sans-serif;fill:#1d2733}
        </style></head><body>
        """);
    page.write("<h1>Labels from headers</h1>");
    page.write(
        String.format(
            Locale.ROOT,
            "<p>%,d series of %,d instances; %,d kept to learn from, %,d rejected. A label is unknown where the"
                + " header does not say it.</p>",
            series,
            instances,
            series - rejected,
            rejected));
    page.write("<h2>Labels</h2><div class=\"cards\">");
    for (Map.Entry<String, Map<String, Long>> family : counts.entrySet()) {
      if (!family.getValue().isEmpty()) {
        page.write("<div class=\"card\"><h2>" + escape(family.getKey()) + "</h2>");
        page.write(bars(family.getValue()));
        page.write("</div>");
      }
    }
    page.write("</div>");
    table(page, "Rejected, by reason", reasons);
    table(page, "Traps found", traps);
    if (!pictures.isEmpty()) {
      page.write("<h2>Middle slices</h2><div class=\"slices\">");
      for (SliceMontage.Picture picture : pictures) {
        page.write(
            "<figure><img alt=\"\" src=\"data:image/png;base64,"
                + picture.png()
                + "\"><figcaption>"
                + escape(picture.caption())
                + "</figcaption></figure>");
      }
      page.write("</div>");
    }
    skipped(page, skipped);
    page.write("<p>Not for clinical use.</p></body></html>\n");
  }

  private static void skipped(Writer page, Iterable<Skipped> skipped) throws IOException {
    List<Skipped> listed = new ArrayList<>();
    long all = 0;
    for (Skipped skip : skipped) {
      all++;
      if (listed.size() < MAXIMUM_LISTED) {
        listed.add(skip);
      }
    }
    if (all == 0) {
      return;
    }
    page.write("<h2>Skipped files: " + all + "</h2><table><tr><th>File</th><th>Reason</th></tr>");
    for (Skipped skip : listed) {
      page.write(
          "<tr><td>" + escape(skip.file()) + "</td><td>" + escape(skip.reason()) + "</td></tr>");
    }
    page.write("</table>");
    if (all > listed.size()) {
      page.write("<p>The first " + listed.size() + " of " + all + ".</p>");
    }
  }

  private static void table(Writer page, String title, Map<String, Long> counts)
      throws IOException {
    if (counts.isEmpty()) {
      return;
    }
    page.write("<h2>" + escape(title) + "</h2><table>");
    for (Map.Entry<String, Long> count : sorted(counts)) {
      page.write(
          "<tr><td>"
              + escape(count.getKey())
              + "</td><td class=\"n\">"
              + count.getValue()
              + "</td></tr>");
    }
    page.write("</table>");
  }

  private static List<Map.Entry<String, Long>> sorted(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }

  private static String bars(Map<String, Long> counts) {
    List<Map.Entry<String, Long>> sorted = sorted(counts);
    long most = sorted.get(0).getValue();
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 340 %d\" width=\"100%%\" role=\"img\">",
            sorted.size() * 22));
    for (int i = 0; i < sorted.size(); i++) {
      String name = sorted.get(i).getKey();
      double width = 190.0 * sorted.get(i).getValue() / most;
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"98\" y=\"%d\" text-anchor=\"end\">%s</text><rect x=\"104\" y=\"%d\" width=\"%.1f\""
                  + " height=\"14\" rx=\"2\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\">%d</text>",
              i * 22 + 15,
              escape(name),
              i * 22 + 4,
              Math.max(1, width),
              name.equals(Label.UNKNOWN) ? "#b8c2cc" : "#2f6fab",
              108 + width,
              i * 22 + 15,
              sorted.get(i).getValue()));
    }
    return svg.append("</svg>").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
