package io.radnet.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One figure with its error.
 *
 * @param group last part of the benchmark's package, such as {@code resample}
 * @param benchmark class and method, such as {@code Resampling.trilinear}
 * @param parameters sorted by name
 * @param peer the other library that was measured, null for our own code
 * @param unit such as {@code ms/op}
 * @param score mean
 * @param error half of the 99.9 % confidence interval, NaN where there are too few samples
 * @param median of the samples
 * @param samples how many
 * @param allocatedBytes per call, NaN where unknown
 * @param further secondary results by name, such as GFLOP/s
 * @param jvmFlags of the fork, empty for a peer
 */
public record Measurement(
    String group,
    String benchmark,
    SortedMap<String, String> parameters,
    @Nullable String peer,
    String unit,
    double score,
    double error,
    double median,
    long samples,
    double allocatedBytes,
    SortedMap<String, Double> further,
    List<String> jvmFlags) {

  /** Takes defensive copies. */
  public Measurement {
    parameters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    further = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(further));
    jvmFlags = List.copyOf(jvmFlags);
  }

  /** Reads what JMH found. */
  public static Measurement of(RunResult result) {
    String full = result.getParams().getBenchmark();
    String[] parts = full.split("\\.");
    Result<?> primary = result.getPrimaryResult();
    TreeMap<String, String> parameters = new TreeMap<>();
    for (String key : result.getParams().getParamsKeys()) {
      parameters.put(key, result.getParams().getParam(key));
    }
    TreeMap<String, Double> further = new TreeMap<>();
    double allocated = Double.NaN;
    for (Map.Entry<String, Result> secondary : result.getSecondaryResults().entrySet()) {
      String name = secondary.getKey().replace("·", "");
      double value = secondary.getValue().getScore();
      if (name.equals("gc.alloc.rate.norm")) {
        allocated = value;
      } else if (!name.startsWith("gc.")) {
        further.put(name + " [" + secondary.getValue().getScoreUnit() + "]", value);
      }
    }
    return new Measurement(
        parts[parts.length - 3],
        parts[parts.length - 2] + "." + parts[parts.length - 1],
        parameters,
        null,
        primary.getScoreUnit(),
        primary.getScore(),
        primary.getScoreError(),
        primary.getStatistics().getPercentile(50),
        primary.getSampleCount(),
        allocated,
        further,
        List.copyOf(result.getParams().getJvmArgs()));
  }

  /** Whether a larger score is better. */
  public boolean largerIsBetter() {
    return !unit.endsWith("/op");
  }

  /** {@code name=value} pairs. */
  public String parameterText() {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  /** What was measured: the same in two runs of the suite. */
  public String key() {
    return benchmark + " " + parameterText() + (peer == null ? "" : " " + peer);
  }

  /** Times that this is as fast as {@code other}, above 1 where this one is faster. */
  public double speedup(Measurement other) {
    return largerIsBetter() ? score / other.score : other.score / score;
  }
}
