package io.radnet.imaging.resample;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Splits a range of slices over threads; the caller works too, so a busy executor only slows. One
 * call at a time; the next call may use the same object again, and then nothing is allocated.
 */
final class Slabs implements Runnable {
  /**
   * Slabs per thread. More of them even out threads of unequal speed, but each begins with source
   * slices that its neighbour interpolates too.
   */
  private static final int PER_THREAD = 2;

  /** Work on the slices [from, to). */
  @FunctionalInterface
  interface Work {
    void run(int from, int to);
  }

  // A thread that the executor starts only after its call is over finds no slab, or helps the call
  // that uses this object then. What follows is written before `open` and read after it.
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable Work work;
  private @Nullable Thread caller;
  private int first;
  private int slices;
  private int slabs;

  /**
   * Works on the slices [from, to) and returns when all are done.
   *
   * @param executor runs slabs besides the calling thread
   * @param parallelism threads in all, the caller's included; with 1 the executor is not used
   */
  void run(int from, int to, Executor executor, int parallelism, Work task) {
    int count = Math.min(to - from, parallelism == 1 ? 1 : parallelism * PER_THREAD);
    if (count <= 1) {
      if (to > from) {
        task.run(from, to);
      }
      return;
    }
    work = task;
    caller = Thread.currentThread();
    first = from;
    slices = to - from;
    slabs = count;
    failure.set(null);
    unfinished.set(count);
    open.set(count);
    for (int n = 1; n < Math.min(parallelism, count); n++) {
      try {
        executor.execute(this);
      } catch (RejectedExecutionException full) {
        break; // the caller does the rest
      }
    }
    run();
    await();
    work = null;
    caller = null;
    Throwable failed = failure.get();
    if (failed instanceof RuntimeException exception) {
      throw exception;
    } else if (failed instanceof Error error) {
      throw error;
    }
  }

  /** Takes slabs while there are any. */
  @Override
  public void run() {
    for (int left = open.getAndDecrement(); left > 0; left = open.getAndDecrement()) {
      Work task = work;
      int slab = slabs - left;
      try {
        if (task != null) {
          task.run(
              first + (int) ((long) slices * slab / slabs),
              first + (int) ((long) slices * (slab + 1) / slabs));
        }
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        Thread waiting = caller;
        if (unfinished.decrementAndGet() == 0) {
          LockSupport.unpark(waiting);
        }
      }
    }
  }

  private void await() {
    boolean interrupted = false;
    while (unfinished.get() > 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // the slabs write into the caller's array: wait for them
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
