package io.radnet.server.telemetry;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * When each stage of one request ran. The pipeline records; the log line and the trace are made
 * from it when the request is over. Times are those of {@link System#nanoTime}. Safe for several
 * threads.
 */
public final class Stages {
  /** A scan of very many windows must not grow a trace without bound; the sums stay right. */
  private static final int MOST_SPANS = 256;

  /**
   * One stage, once.
   *
   * @param startNanos of {@link System#nanoTime}
   * @param endNanos of {@link System#nanoTime}
   */
  public record Span(Stage stage, long startNanos, long endNanos) {}

  private final List<Span> spans = new ArrayList<>();
  private final Map<Stage, Long> sums = new EnumMap<>(Stage.class);

  /** Adds a stage that has ended. */
  public synchronized void record(Stage stage, long startNanos, long endNanos) {
    sums.merge(stage, endNanos - startNanos, Long::sum);
    if (spans.size() < MOST_SPANS) {
      spans.add(new Span(stage, startNanos, endNanos));
    }
  }

  /** Runs something as a stage; a failure ends the stage too. */
  public <T> T time(Stage stage, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      record(stage, start, System.nanoTime());
    }
  }

  /** The time in a stage, all its spans together, in nanoseconds. */
  public synchronized long nanos(Stage stage) {
    return sums.getOrDefault(stage, 0L);
  }

  /** The spans in the order in which they ended, at most 256. */
  public synchronized List<Span> spans() {
    return List.copyOf(spans);
  }
}
