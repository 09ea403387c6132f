package io.radnet.server.load;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints measurements in the layout of perf_analyzer. */
public final class LoadReport {
  private static final List<Integer> PERCENTS = List.of(50, 90, 95, 99);

  private LoadReport() {}

  /** The measurement at one concurrency. */
  public static void print(PrintWriter out, int concurrency, LoadTest.Outcome outcome) {
    Interval interval = outcome.interval();
    Interval.ServerShare server = interval.server();
    line(out, "Request concurrency: %d%s", concurrency, outcome.stable() ? "" : " (not stable)");
    line(out, "  Client:");
    line(out, "    Request count: %d", interval.nanos().length);
    line(out, "    Refused: %d", interval.refused());
    line(out, "    Throughput: %.3f infer/sec", interval.throughput());
    line(
        out,
        "    Avg latency: %.0f usec (standard deviation %.0f usec)",
        interval.average(),
        interval.deviation());
    for (int percent : PERCENTS) {
      line(out, "    p%d latency: %.0f usec", percent, interval.percentile(percent));
    }
    line(out, "  Server:");
    line(out, "    Inference count: %d", server.inferences());
    line(out, "    Execution count: %d", server.runs());
    line(out, "    Successful request count: %d", server.requests());
    double parts = server.queue() + server.input() + server.infer() + server.output();
    // A scan is many runs that overlap: their times are no parts of the request's.
    String overhead =
        server.runs() <= server.requests() && server.request() >= parts
            ? String.format(Locale.ROOT, "overhead %.0f usec + ", server.request() - parts)
            : "per run of the network: ";
    line(
        out,
        "    Avg request latency: %.0f usec (%squeue %.0f usec + compute input %.0f usec + compute"
            + " infer %.0f usec + compute output %.0f usec)",
        server.request(),
        overhead,
        server.queue(),
        server.input(),
        server.infer(),
        server.output());
    line(out, "");
  }

  /** One line for each concurrency. */
  public static void summary(PrintWriter out, Map<Integer, LoadTest.Outcome> outcomes) {
    line(out, "Inferences/Second vs. Client Average Batch Latency");
    outcomes.forEach(
        (concurrency, outcome) ->
            line(
                out,
                "Concurrency: %d, throughput: %.3f infer/sec, latency %.0f usec",
                concurrency,
                outcome.interval().throughput(),
                outcome.interval().average()));
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
