package io.radnet.server;

import io.grpc.Context;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that read, prepare and answer whole scans. The scan budget bounds their queue. */
final class ScanWorkers implements AutoCloseable {
  private final ThreadPoolExecutor threads;

  ScanWorkers(int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            RadNetServer.named("scan", new AtomicInteger()));
  }

  void execute(Context context, Runnable work) {
    try {
      threads.execute(context.wrap(work));
    } catch (RejectedExecutionException closing) {
      throw new RequestException(Reason.UNAVAILABLE, "the server is closing");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
