package io.radnet.imaging.resample;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Splits a range of slices over threads; the caller works too, so a busy executor only slows. */
final class Slabs {
  /** Slabs per thread: enough to even out threads of unequal speed. */
  private static final int PER_THREAD = 3;

  /** Work on the slices [from, to). */
  @FunctionalInterface
  interface Work {
    void run(int from, int to);
  }

  private Slabs() {}

  static void run(int from, int to, Executor executor, int parallelism, Work work) {
    int slices = to - from;
    int slabs = Math.min(slices, parallelism == 1 ? 1 : parallelism * PER_THREAD);
    if (slabs <= 1) {
      if (slices > 0) {
        work.run(from, to);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(slabs);
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Runnable worker =
        () -> {
          for (int slab = next.getAndIncrement(); slab < slabs; slab = next.getAndIncrement()) {
            try {
              work.run(
                  from + (int) ((long) slices * slab / slabs),
                  from + (int) ((long) slices * (slab + 1) / slabs));
            } catch (RuntimeException e) {
              failure.compareAndSet(null, e);
            } finally {
              done.countDown();
            }
          }
        };
    for (int n = 1; n < Math.min(parallelism, slabs); n++) {
      try {
        executor.execute(worker);
      } catch (RejectedExecutionException full) {
        break; // the caller does the rest
      }
    }
    worker.run();
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the slabs write into the caller's array: wait for them
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }
}
