package io.radnet.exporter.parity;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;
import java.util.List;

/**
 * How long one inference of batch 1 took after a warm-up.
 *
 * @param medianMs milliseconds
 * @param minMs milliseconds
 * @param runs timed
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Timing(double medianMs, double minMs, int runs) {
  private static final long ENOUGH_NANOSECONDS = 3_000_000_000L;

  /**
   * Times {@code work}, which the caller has run before: at least once, and else as long as three
   * seconds and the number of runs allow.
   */
  public static Timing measure(int mostRuns, Runnable work) {
    double[] milliseconds = new double[mostRuns];
    int runs = 0;
    long spent = 0;
    while (runs < mostRuns && (runs == 0 || spent + spent / runs < ENOUGH_NANOSECONDS)) {
      long start = System.nanoTime();
      work.run();
      long took = System.nanoTime() - start;
      spent += took;
      milliseconds[runs++] = took / 1e6;
    }
    return of(Arrays.stream(milliseconds, 0, runs).boxed().toList());
  }

  /** Whether runs take so long that those which were needed anyway must do as measurement. */
  public static boolean isLong(List<Double> milliseconds) {
    return milliseconds.stream().mapToDouble(Double::doubleValue).min().orElse(0) * 1e6
        > ENOUGH_NANOSECONDS;
  }

  /** Of runs that were timed. */
  public static Timing of(List<Double> milliseconds) {
    List<Double> sorted = milliseconds.stream().sorted().toList();
    return new Timing(sorted.get(sorted.size() / 2), sorted.get(0), sorted.size());
  }
}
