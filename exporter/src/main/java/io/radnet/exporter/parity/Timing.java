package io.radnet.exporter.parity;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;

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
    double[] sorted = Arrays.copyOf(milliseconds, runs);
    Arrays.sort(sorted);
    return new Timing(sorted[runs / 2], sorted[0], runs);
  }
}
