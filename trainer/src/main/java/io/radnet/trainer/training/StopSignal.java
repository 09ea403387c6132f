package io.radnet.trainer.training;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets an interrupted process (Ctrl-C, SIGTERM) end between two steps: without it the virtual
 * machine unloads PyTorch under a running step and crashes. The run stays as it was after its last
 * checkpoint.
 */
public final class StopSignal implements AutoCloseable {
  private static final Duration LONGEST_STEP = Duration.ofSeconds(30);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::waitForEnd, "stop");
  private volatile boolean stopped;

  /** Listens until {@link #close}. */
  public StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void waitForEnd() {
    stopped = true;
    try {
      if (!ended.await(LONGEST_STEP.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("radnet: the running step did not end in " + LONGEST_STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * To be asked before every step.
   *
   * @throws InterruptedException where the process is about to end
   */
  public void check() throws InterruptedException {
    if (stopped) {
      throw new InterruptedException("the process was asked to end");
    }
  }

  @Override
  public void close() {
    ended.countDown();
    if (!stopped) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
