package io.radnet.benchmarks.demo;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo measured.
 *
 * @param headers family to counts of right, unknown and wrong labels of headers
 * @param heads metric to value of the label network on test patients, such as {@code view.accuracy}
 * @param dice liver Dice of each test scan, asked over gRPC and compared with the truth on the
 *     scan's own grid
 * @param parity model to the largest relative difference between ONNX Runtime and DJL
 * @param embedMilliseconds wall time of each embedding call
 * @param segmentMilliseconds wall time of each segmentation call
 * @param seconds stage to wall time
 * @param files what to look at, to where it is
 */
public record DemoResult(
    Map<String, HeaderAccuracy.Count> headers,
    Map<String, Double> heads,
    List<Double> dice,
    Map<String, Double> parity,
    List<Double> embedMilliseconds,
    List<Double> segmentMilliseconds,
    Map<String, Double> seconds,
    Map<String, String> files) {

  /** Mean Dice over the test scans. */
  public double meanDice() {
    return dice.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** The closing table. */
  public String table() {
    StringBuilder text = new StringBuilder();
    line(text, "%-22s %9s %9s", "labels from headers", "right", "known");
    headers.forEach(
        (family, count) ->
            line(
                text,
                "  %-20s %7.1f %% %7.1f %%",
                family,
                100 * count.accuracy(),
                100 * count.known()));
    line(text, "%-22s %9s", "labels from pixels", "test");
    heads.forEach(
        (metric, value) -> {
          if (metric.endsWith(".accuracy")) {
            line(text, "  %-20s %7.1f %%", metric.substring(0, metric.indexOf('.')), 100 * value);
          }
        });
    Double spacing = heads.get("spacing.median_relative_error");
    if (spacing != null) {
      line(text, "  %-20s %7.1f %% median error", "spacing", 100 * spacing);
    }
    line(text, "liver segmentation");
    line(
        text,
        "  %-20s %9.3f mean of %d test scans (least %.3f)",
        "Dice over gRPC",
        meanDice(),
        dice.size(),
        dice.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN));
    line(text, "ONNX Runtime against PyTorch");
    parity.forEach(
        (model, error) -> line(text, "  %-20s %9.1e largest relative difference", model, error));
    line(text, "latency, whole scan, DICOM folder to answer");
    line(
        text,
        "  %-20s %6.0f ms median of %d",
        "embed",
        median(embedMilliseconds),
        embedMilliseconds.size());
    line(
        text,
        "  %-20s %6.0f ms median of %d",
        "segment",
        median(segmentMilliseconds),
        segmentMilliseconds.size());
    line(text, "time");
    seconds.forEach((stage, value) -> line(text, "  %-20s %7.1f s", stage, value));
    line(
        text,
        "  %-20s %7.1f s",
        "all",
        seconds.values().stream().mapToDouble(Double::doubleValue).sum());
    line(text, "files");
    files.forEach((what, where) -> line(text, "  %-20s %s", what, where));
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
