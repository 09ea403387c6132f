package io.radnet.server.security;

import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many calls are under way, so that a server that stops can wait for their end. */
public final class CallsUnderWay {
  /** A call that a stop does not wait for, such as a health check that watches. */
  public static final Call UNCOUNTED = () -> {};

  /** A call that has begun; close it once or more often when it is over. */
  @FunctionalInterface
  public interface Call extends AutoCloseable {
    @Override
    void close();
  }

  private int count;
  private boolean stopping;

  /**
   * Counts a call.
   *
   * @throws RequestException after {@link #refuseMore}
   */
  public synchronized Call begin() {
    if (stopping) {
      throw new RequestException(Reason.UNAVAILABLE, "the server is stopping");
    }
    count++;
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        end();
      }
    };
  }

  private synchronized void end() {
    count--;
    notifyAll();
  }

  /** The calls that have begun and not ended. */
  public synchronized int count() {
    return count;
  }

  /** From now on {@link #begin} refuses. */
  public synchronized void refuseMore() {
    stopping = true;
  }

  /** Whether {@link #refuseMore} was called. */
  public synchronized boolean stopping() {
    return stopping;
  }

  /** Waits until no call is under way; returns whether that came before the time was over. */
  public synchronized boolean awaitNone(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (count > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // Rounded up, since a wait of 0 ms would be one without end.
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
    return true;
  }
}
