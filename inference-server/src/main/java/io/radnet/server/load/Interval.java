package io.radnet.server.load;

import io.radnet.proto.inference.InferStatistics;
import io.radnet.proto.inference.ModelStatistics;
import java.util.Arrays;

/**
 * What the callers saw in a stretch of time, and what the server counted meanwhile.
 *
 * @param seconds its length
 * @param nanos of each answered call, ascending
 * @param refused calls that the server refused or that failed
 * @param server the server's statistics: those at the end less those at the start
 */
public record Interval(double seconds, long[] nanos, long refused, ServerShare server) {
  /** Copies and sorts. */
  public Interval {
    nanos = nanos.clone();
    Arrays.sort(nanos);
  }

  /**
   * What the server did; times in microseconds, on average for one request, and for one run of the
   * network where the name says so.
   *
   * @param requests answered
   * @param inferences examples that went through the network
   * @param runs of the network
   * @param request inside the server
   * @param queue of one queued piece of work
   * @param input of one run
   * @param infer of one run
   * @param output of one run
   */
  public record ServerShare(
      long requests,
      long inferences,
      long runs,
      double request,
      double queue,
      double input,
      double infer,
      double output) {
    static ServerShare between(ModelStatistics before, ModelStatistics after) {
      InferStatistics from = before.getInferenceStats();
      InferStatistics to = after.getInferenceStats();
      return new ServerShare(
          to.getSuccess().getCount() - from.getSuccess().getCount(),
          after.getInferenceCount() - before.getInferenceCount(),
          after.getExecutionCount() - before.getExecutionCount(),
          micros(from.getSuccess(), to.getSuccess()),
          micros(from.getQueue(), to.getQueue()),
          micros(from.getComputeInput(), to.getComputeInput()),
          micros(from.getComputeInfer(), to.getComputeInfer()),
          micros(from.getComputeOutput(), to.getComputeOutput()));
    }

    private static double micros(
        io.radnet.proto.inference.StatisticDuration from,
        io.radnet.proto.inference.StatisticDuration to) {
      long count = to.getCount() - from.getCount();
      return count == 0 ? 0 : (to.getNs() - from.getNs()) / 1e3 / count;
    }
  }

  /** Answered calls per second. */
  public double throughput() {
    return nanos.length / seconds;
  }

  /** The mean time of a call in microseconds. */
  public double average() {
    return Arrays.stream(nanos).average().orElse(0) / 1e3;
  }

  /** The standard deviation of the times in microseconds. */
  public double deviation() {
    double mean = average();
    return Math.sqrt(
        Arrays.stream(nanos).mapToDouble(n -> n / 1e3 - mean).map(d -> d * d).average().orElse(0));
  }

  /**
   * The time in microseconds that a share of the calls did not exceed.
   *
   * @param percent above 0, at most 100
   */
  public double percentile(double percent) {
    if (nanos.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100 * nanos.length);
    return nanos[Math.max(0, rank - 1)] / 1e3;
  }

  boolean near(Interval other, double tolerance) {
    return Math.abs(throughput() - other.throughput()) <= tolerance * throughput()
        && Math.abs(average() - other.average()) <= tolerance * average();
  }
}
