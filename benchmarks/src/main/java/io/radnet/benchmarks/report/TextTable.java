package io.radnet.benchmarks.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table that a terminal shows. */
public final class TextTable {
  private TextTable() {}

  /** Prints every figure of a run with its peers and floor. */
  public static void print(SuiteResult result, PrintWriter out) {
    List<Measurement> all = result.measurements();
    int name = width(all.stream().map(TextTable::title).toList(), 10);
    int parameters = width(all.stream().map(Measurement::parameterText).toList(), 10);
    String format = "%-" + name + "s  %-" + parameters + "s  %12s  %10s  %-7s  %12s  %s%n";
    out.printf(
        format, "benchmark", "parameters", "score", "± 99.9 %", "unit", "bytes/op", "beside");
    for (Measurement m : all) {
      out.printf(
          format,
          title(m),
          m.parameterText(),
          number(m.score()),
          Double.isNaN(m.error()) ? "-" : number(m.error()),
          m.unit(),
          Double.isNaN(m.allocatedBytes())
              ? "-"
              : String.format(Locale.ROOT, "%.0f", m.allocatedBytes()),
          m.peer() == null ? beside(result, m) : "");
    }
    result.notes().forEach(note -> out.println("note: " + note));
    out.flush();
  }

  static String title(Measurement m) {
    return m.peer() == null ? m.benchmark() : "  " + m.peer();
  }

  /** Ratios to peers and floor, and secondary results. */
  static String beside(SuiteResult result, Measurement ours) {
    StringBuilder text = new StringBuilder();
    for (Measurement peer : result.peersOf(ours)) {
      text.append((text.isEmpty() ? "" : ", ") + times(ours.speedup(peer)) + " " + peer.peer());
    }
    result
        .floorOf(ours)
        .ifPresent(
            floor ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%s%.2f of the floor",
                        text.isEmpty() ? "" : ", ",
                        1 / ours.speedup(floor))));
    String further =
        ours.further().entrySet().stream()
            .map(entry -> number(entry.getValue()) + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return text + (text.isEmpty() || further.isEmpty() ? "" : ", ") + further;
  }

  /** A ratio such as {@code 8.2x}. */
  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio >= 20 ? "%.0fx" : "%.2fx", ratio);
  }

  /** Four significant digits, or more where the number is large. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    int decimals =
        magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 1 ? 3 : 4;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static int width(List<String> texts, int least) {
    return Math.max(least, texts.stream().mapToInt(String::length).max().orElse(0));
  }
}
