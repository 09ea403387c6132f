package io.radnet.server;

import io.grpc.Context;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that read, prepare and answer whole scans. The scan budget bounds their queue, whose
 * order is priority, then arrival.
 */
final class ScanWorkers implements AutoCloseable {
  /** One scan's work. */
  static final class Task implements Runnable, Comparable<Task> {
    private final int priority;
    private final long arrival;
    private final Runnable work;

    private Task(int priority, long arrival, Runnable work) {
      // As in the queue of a model: 1 is the highest, 0 the default.
      this.priority = priority == 0 ? Integer.MAX_VALUE : priority;
      this.arrival = arrival;
      this.work = work;
    }

    @Override
    public void run() {
      work.run();
    }

    @Override
    public int compareTo(Task other) {
      int byPriority = Integer.compare(priority, other.priority);
      return byPriority != 0 ? byPriority : Long.compare(arrival, other.arrival);
    }
  }

  private final ThreadPoolExecutor threads;
  private final AtomicLong arrivals = new AtomicLong();

  ScanWorkers(String name, int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            RadNetServer.named(name, new AtomicInteger()));
  }

  /**
   * Queues work.
   *
   * @param priority 1 is the highest, 0 the default
   * @throws RequestException where the server is closing
   */
  Task execute(Context context, int priority, Runnable work) {
    Task task = new Task(priority, arrivals.getAndIncrement(), context.wrap(work));
    try {
      threads.execute(task);
    } catch (RejectedExecutionException closing) {
      throw new RequestException(Reason.UNAVAILABLE, "the server is closing");
    }
    return task;
  }

  /** Takes work out of the queue; false where it has begun. */
  boolean remove(Task task) {
    return threads.remove(task);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
