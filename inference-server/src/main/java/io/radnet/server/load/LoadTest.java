package io.radnet.server.load;

import io.radnet.proto.inference.ModelStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a number of calls under way and measures over intervals of one length, until three
 * intervals one after the other agree within a tenth in throughput and mean time.
 */
public final class LoadTest {
  private static final int AGREEING = 3;
  private static final double TOLERANCE = 0.1;

  /** One call, answered when it returns. */
  @FunctionalInterface
  public interface Call {
    /** Whether the server answered; false where it refused for want of room. */
    boolean run() throws IOException;
  }

  /** Asks the server what it counted. */
  @FunctionalInterface
  public interface Statistics {
    /** Since the model was loaded. */
    ModelStatistics get() throws IOException;
  }

  /**
   * The last interval.
   *
   * @param stable whether it agrees with the two before it
   */
  public record Outcome(Interval interval, boolean stable) {}

  private final Call call;
  private final Statistics statistics;
  private final long intervalNanos;
  private final int mostIntervals;

  /**
   * @param call what to repeat
   * @param statistics of the model
   * @param intervalNanos length of an interval
   * @param mostIntervals after which it ends, stable or not
   */
  public LoadTest(Call call, Statistics statistics, long intervalNanos, int mostIntervals) {
    this.call = call;
    this.statistics = statistics;
    this.intervalNanos = intervalNanos;
    this.mostIntervals = mostIntervals;
  }

  /**
   * Measures.
   *
   * @param concurrency calls under way
   * @throws IOException where a call fails otherwise than by a refusal
   */
  public Outcome run(int concurrency) throws IOException, InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
    AtomicLong refused = new AtomicLong();
    ExecutorService callers = Executors.newFixedThreadPool(concurrency);
    List<Future<?>> running = new ArrayList<>();
    try {
      call.run(); // Neither side's first call is typical.
      for (int n = 0; n < concurrency; n++) {
        running.add(
            callers.submit(
                () -> {
                  while (!stop.get()) {
                    long start = System.nanoTime();
                    if (call.run()) {
                      times.add(System.nanoTime() - start);
                    } else {
                      refused.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      return measure(times, refused, running);
    } finally {
      stop.set(true);
      callers.shutdown();
      callers.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private Outcome measure(
      ConcurrentLinkedQueue<Long> times, AtomicLong refused, List<Future<?>> running)
      throws IOException, InterruptedException {
    List<Interval> intervals = new ArrayList<>();
    while (true) {
      ModelStatistics before = statistics.get();
      drain(times);
      long refusedBefore = refused.get();
      long start = System.nanoTime();
      // At least one answer, however long a scan takes.
      do {
        TimeUnit.NANOSECONDS.sleep(Math.max(1_000_000, start + intervalNanos - System.nanoTime()));
        check(running);
      } while (times.isEmpty() && refused.get() == refusedBefore);
      double seconds = (System.nanoTime() - start) / 1e9;
      long[] nanos = drain(times);
      Interval interval =
          new Interval(
              seconds,
              nanos,
              refused.get() - refusedBefore,
              Interval.ServerShare.between(before, statistics.get()));
      intervals.add(interval);
      boolean stable =
          intervals.size() >= AGREEING
              && intervals.subList(intervals.size() - AGREEING, intervals.size()).stream()
                  .allMatch(earlier -> interval.near(earlier, TOLERANCE));
      if (stable || intervals.size() >= mostIntervals) {
        return new Outcome(interval, stable);
      }
    }
  }

  private static void check(List<Future<?>> running) throws IOException, InterruptedException {
    for (Future<?> caller : running) {
      if (caller.isDone()) {
        try {
          caller.get();
        } catch (ExecutionException failure) {
          if (failure.getCause() instanceof IOException cause) {
            throw cause;
          }
          throw new IOException("a call failed", failure.getCause());
        }
      }
    }
  }

  private static long[] drain(ConcurrentLinkedQueue<Long> times) {
    List<Long> taken = new ArrayList<>();
    for (Long time = times.poll(); time != null; time = times.poll()) {
      taken.add(time);
    }
    return taken.stream().mapToLong(Long::longValue).toArray();
  }
}
