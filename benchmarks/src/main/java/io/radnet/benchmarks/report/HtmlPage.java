package io.radnet.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run of the suite as one self-contained page: a plot and a table per benchmark. */
public final class HtmlPage {
  private static final String STYLE =
      """
      body{font:14px/1.5 system-ui,sans-serif;margin:24px auto;max-width:1100px;padding:0 16px;color:#1d2733;background:#fff}
      h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 4px}h3{font-size:15px;margin:22px 0 6px}
      p,li{color:#4a5868;margin:4px 0}table{border-collapse:collapse;width:100%;margin-top:6px}
      th{font-weight:600;text-align:left}td,th{padding:3px 10px 3px 0;border-bottom:1px solid #e3e8ee;vertical-align:top}
      td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      tr.peer td{color:#8a5a00}tr.floor td{color:#5b6776}svg text{font:12px system-ui,sans-serif;fill:#1d2733}
      dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:8px 0}dt{color:#4a5868}dd{margin:0}
      .key span{display:inline-block;width:12px;height:12px;border-radius:2px;margin:0 4px 0 14px;vertical-align:-1px}
      """;
  private final StringBuilder page = new StringBuilder(1 << 16);
  private final SuiteResult result;

  private HtmlPage(SuiteResult result) {
    this.result = result;
  }

  /** Makes the page; {@code comparison} adds a table of ratios to an older run. */
  public static String of(SuiteResult result, @Nullable Comparison comparison) {
    HtmlPage html = new HtmlPage(result);
    html.head();
    if (comparison != null) {
      html.comparison(comparison);
    }
    html.groups();
    html.page.append("</body></html>\n");
    return html.page.toString();
  }

  private void head() {
    page.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>radnet benchmarks</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>radnet benchmarks</h1>")
        .append("<p>Means with 99.9 % confidence intervals; each benchmark in its own JVM. ")
        .append("Peers and floors were measured in the same run.")
        .append(
            result.quick()
                ? " <strong>A quick run: few short iterations of small cases, so the figures are rough.</strong>"
                : "")
        .append("</p><dl>");
    entry(
        "Machine",
        result.machine().processor()
            + ", "
            + result.machine().cores()
            + " cores, "
            + result.machine().memoryGib()
            + " GiB");
    entry("System", result.machine().os());
    entry("JVM", result.machine().jvm() + " " + String.join(" ", result.machine().jvmFlags()));
    entry("Commit", result.machine().commit());
    page.append("</dl><p class=\"key\">Bars:<span style=\"background:#2f6fbf\"></span>radnet")
        .append("<span style=\"background:#d08a1d\"></span>another library")
        .append(
            "<span style=\"background:#9aa5b1\"></span>floor: what the machine needs at least</p>");
    if (!result.notes().isEmpty()) {
      page.append("<ul>");
      result.notes().forEach(note -> page.append("<li>").append(escape(note)).append("</li>"));
      page.append("</ul>");
    }
  }

  private void entry(String term, String value) {
    page.append("<dt>").append(term).append("</dt><dd>").append(escape(value)).append("</dd>");
  }

  private void comparison(Comparison comparison) {
    page.append(
            "<h2>Beside the older run</h2><p>Above 1 is faster now. Where the intervals of both ")
        .append("figures overlap, there is no difference.</p><table><tr><th>Benchmark</th>")
        .append("<th class=n>Before</th><th class=n>Now</th><th>Unit</th><th class=n>Speed-up</th>")
        .append("<th class=n>99.9 %</th><th>Verdict</th></tr>");
    for (Comparison.Row row : comparison.rows()) {
      page.append("<tr><td>").append(escape(row.measurement().key())).append("</td>");
      cell(TextTable.number(row.before().score()));
      cell(TextTable.number(row.measurement().score()));
      page.append("<td>").append(escape(row.measurement().unit())).append("</td>");
      cell(String.format(Locale.ROOT, "%.3f", row.speedup()));
      cell(
          Double.isNaN(row.low())
              ? "-"
              : String.format(Locale.ROOT, "%.3f – %.3f", row.low(), row.high()));
      page.append("<td>").append(row.verdict()).append("</td></tr>");
    }
    page.append("</table>");
  }

  private void cell(String text) {
    page.append("<td class=n>").append(escape(text)).append("</td>");
  }

  private void groups() {
    Map<String, Map<String, List<Measurement>>> groups = new LinkedHashMap<>();
    for (Measurement m : result.measurements()) {
      String type = m.benchmark().substring(0, m.benchmark().indexOf('.'));
      groups
          .computeIfAbsent(m.group(), name -> new LinkedHashMap<>())
          .computeIfAbsent(type + ", " + m.unit(), name -> new ArrayList<>())
          .add(m);
    }
    groups.forEach(
        (group, tables) -> {
          page.append("<h2>").append(escape(group)).append("</h2>");
          tables.forEach(this::benchmark);
        });
  }

  private void benchmark(String title, List<Measurement> rows) {
    page.append("<h3>")
        .append(escape(title))
        .append(
            rows.get(0).largerIsBetter()
                ? " (longer bars are better)"
                : " (shorter bars are better)")
        .append("</h3>");
    Bars.append(page, rows);
    page.append("<table><tr><th>Benchmark</th><th>Parameters</th><th class=n>Score</th>")
        .append(
            "<th class=n>± 99.9 %</th><th class=n>Median</th><th class=n>Bytes per call</th><th>Beside</th></tr>");
    for (Measurement m : rows) {
      page.append(
              m.peer() != null ? "<tr class=peer>" : Bars.isFloor(m) ? "<tr class=floor>" : "<tr>")
          .append("<td>")
          .append(escape(m.peer() == null ? method(m) : m.peer()))
          .append("</td><td>")
          .append(escape(m.parameterText()))
          .append("</td>");
      cell(TextTable.number(m.score()));
      cell(Double.isNaN(m.error()) ? "-" : TextTable.number(m.error()));
      cell(TextTable.number(m.median()));
      cell(
          Double.isNaN(m.allocatedBytes())
              ? "-"
              : String.format(Locale.ROOT, "%,.0f", m.allocatedBytes()));
      page.append("<td>")
          .append(escape(m.peer() == null ? TextTable.beside(result, m) : ""))
          .append("</td></tr>");
    }
    page.append("</table>");
  }

  static String method(Measurement m) {
    return m.benchmark().substring(m.benchmark().indexOf('.') + 1);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
