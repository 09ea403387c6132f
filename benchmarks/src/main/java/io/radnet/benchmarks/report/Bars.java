package io.radnet.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** Horizontal bars with error bars, as inline SVG. */
final class Bars {
  private static final int LABEL = 450;
  private static final int WIDTH = 1060;
  private static final int ROW = 20;

  private Bars() {}

  static boolean isFloor(Measurement m) {
    return m.group().equals("floor") || m.benchmark().endsWith(".floor");
  }

  static void append(StringBuilder page, List<Measurement> rows) {
    double longest =
        rows.stream()
            .mapToDouble(
                m -> m.score() + (Double.isNaN(m.error()) ? 0 : Math.min(m.error(), m.score())))
            .max()
            .orElse(1);
    double scale = (WIDTH - LABEL - 90) / longest;
    format(
        page,
        "<svg role=\"img\" aria-label=\"bars of the table below\" width=\"100%%\" viewBox=\"0 0 %d %d\">",
        WIDTH,
        rows.size() * ROW + 4);
    for (int i = 0; i < rows.size(); i++) {
      Measurement m = rows.get(i);
      int y = i * ROW;
      String colour = m.peer() != null ? "#d08a1d" : isFloor(m) ? "#9aa5b1" : "#2f6fbf";
      String label = (m.peer() == null ? HtmlPage.method(m) : m.peer()) + "  " + m.parameterText();
      format(
          page,
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
          LABEL - 8,
          y + 14,
          HtmlPage.escape(label.length() > 66 ? label.substring(0, 65) + "…" : label));
      double end = LABEL + m.score() * scale;
      format(
          page,
          "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\" fill=\"%s\"/>",
          LABEL,
          y + 3,
          Math.max(0.5, end - LABEL),
          colour);
      double text = end;
      if (!Double.isNaN(m.error())) {
        double low = Math.max(LABEL, end - m.error() * scale);
        double high = Math.min(WIDTH - 90, end + m.error() * scale);
        text = Math.max(end, high);
        format(
            page,
            "<path d=\"M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8\" stroke=\"#1d2733\" fill=\"none\"/>",
            low,
            y + 10,
            high,
            low,
            y + 6,
            high,
            y + 6);
      }
      format(
          page,
          "<text x=\"%.1f\" y=\"%d\">%s</text>",
          text + 6,
          y + 14,
          TextTable.number(m.score()));
    }
    page.append("</svg>");
  }

  private static void format(StringBuilder page, String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values));
  }
}
