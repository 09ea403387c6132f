package io.radnet.benchmarks.convolution;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The convolutions beside what the machine can do: a layer that does few operations per byte is
 * bound by memory, one that does many by arithmetic (Williams et al. 2009).
 *
 * @param threads of all measurements
 * @param peakGflops float32 operations per nanosecond in a loop over registers
 * @param bandwidth bytes per nanosecond that a large copy reads and writes
 * @param points one per layer and engine
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Roofline(int threads, double peakGflops, double bandwidth, List<Point> points) {
  /** Copies the list. */
  public Roofline {
    points = List.copyOf(points);
  }

  /**
   * One layer on one engine.
   *
   * @param layer as in {@link Convolution#layer}
   * @param engine the benchmark's method
   * @param milliseconds of one call
   * @param gflops float32 operations per nanosecond
   * @param megabytes that must move at least
   * @param intensity operations per such byte
   * @param shareOfPeak of the arithmetic's peak, in [0, 1]
   * @param shareOfRoof of what arithmetic and bandwidth allow at this intensity
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Point(
      String layer,
      String engine,
      double milliseconds,
      double gflops,
      double megabytes,
      double intensity,
      double shareOfPeak,
      double shareOfRoof) {}

  /** The point of a measurement. */
  public static Point point(
      String text, String engine, double milliseconds, double peakGflops, double bandwidth) {
    Layer layer = Layer.parse(text);
    double gflops = layer.operations() / milliseconds / 1e6;
    double intensity = (double) layer.operations() / layer.bytes();
    return new Point(
        text,
        engine,
        milliseconds,
        gflops,
        layer.bytes() / 1e6,
        intensity,
        gflops / peakGflops,
        gflops / Math.min(peakGflops, intensity * bandwidth));
  }
}
