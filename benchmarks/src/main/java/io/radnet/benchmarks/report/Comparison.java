package io.radnet.benchmarks.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A run of the suite beside an older one.
 *
 * @param rows figures that both runs have, sorted as in the new run
 * @param missing keys of figures of the old run that the new one lacks
 */
public record Comparison(List<Row> rows, List<String> missing) {
  /**
   * One figure in both runs. {@code low} and {@code high} bound {@code speedup} at 99.9 %, from the
   * relative errors of both means added in quadrature (first-order propagation through a quotient).
   *
   * @param measurement of the new run
   * @param before of the old run
   * @param speedup above 1 where the new run is faster
   * @param low of the interval, NaN where a run has too few samples
   * @param high of the interval
   */
  public record Row(
      Measurement measurement, Measurement before, double speedup, double low, double high) {
    static Row of(Measurement after, Measurement before) {
      double speedup = after.speedup(before);
      double relative = Math.hypot(after.error() / after.score(), before.error() / before.score());
      double low = speedup * Math.max(0, 1 - relative); // a time cannot be negative, nor a ratio
      return new Row(after, before, speedup, low, speedup * (1 + relative));
    }

    /** {@code faster}, {@code slower}, {@code no difference} or {@code too few samples}. */
    public String verdict() {
      if (Double.isNaN(low)) {
        return "too few samples";
      }
      boolean apart =
          Math.abs(measurement.score() - before.score()) > measurement.error() + before.error();
      if (!apart) {
        return "no difference";
      }
      return speedup > 1 ? "faster" : "slower";
    }
  }

  /** Pairs the figures of two runs. */
  public static Comparison of(SuiteResult after, SuiteResult before) {
    Map<String, Measurement> old = new HashMap<>();
    before.measurements().forEach(m -> old.put(m.key(), m));
    List<Row> rows = new ArrayList<>();
    for (Measurement m : after.measurements()) {
      Measurement pair = old.remove(m.key());
      if (pair != null && pair.unit().equals(m.unit())) {
        rows.add(Row.of(m, pair));
      }
    }
    return new Comparison(rows, old.keySet().stream().sorted().toList());
  }

  /** Prints a table. */
  public void print(PrintWriter out) {
    int width = rows.stream().mapToInt(row -> row.measurement().key().length()).max().orElse(20);
    String format = "%-" + width + "s  %12s  %12s  %-7s  %8s  %-15s  %s%n";
    out.printf(format, "benchmark", "before", "now", "unit", "speed-up", "99.9 %", "");
    for (Row row : rows) {
      out.printf(
          format,
          row.measurement().key(),
          TextTable.number(row.before().score()),
          TextTable.number(row.measurement().score()),
          row.measurement().unit(),
          String.format(Locale.ROOT, "%.3f", row.speedup()),
          Double.isNaN(row.low())
              ? "-"
              : String.format(Locale.ROOT, "%.3f .. %.3f", row.low(), row.high()),
          row.verdict());
    }
    if (!missing.isEmpty()) {
      out.println("only in the older run: " + String.join("; ", missing));
    }
    out.flush();
  }
}
