package io.radnet.server;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the other side of a call is silent for too long. A watch that was stopped leaves
 * nothing behind, so that a clock does not hold the scans of calls that are over.
 */
final class StallWatch {
  private final ScheduledExecutorService clock;
  private final long nanos;
  private final Object lock;
  private final Runnable stalled;
  private @Nullable ScheduledFuture<?> timer;
  private long last;

  /**
   * @param nanos of silence that are too long
   * @param lock of the call; held while {@code stalled} runs, and by those who use the watch
   * @param stalled runs once, on the clock's thread
   */
  StallWatch(ScheduledExecutorService clock, long nanos, Object lock, Runnable stalled) {
    this.clock = clock;
    this.nanos = nanos;
    this.lock = lock;
    this.stalled = stalled;
  }

  /** The silence that is too long, in seconds. */
  long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  /** Begins to wait for the other side; where the watch waits already, as {@link #touch}. */
  void start() {
    touch();
    if (timer == null) {
      schedule(nanos);
    }
  }

  /** The other side did something. */
  void touch() {
    last = System.nanoTime();
  }

  /** Nothing is waited for any more. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void schedule(long delay) {
    timer = clock.schedule(this::check, delay, TimeUnit.NANOSECONDS);
  }

  private void check() {
    synchronized (lock) {
      if (timer == null) {
        return;
      }
      long left = nanos - (System.nanoTime() - last);
      if (left > 0) {
        schedule(left);
      } else {
        timer = null;
        stalled.run();
      }
    }
  }
}
