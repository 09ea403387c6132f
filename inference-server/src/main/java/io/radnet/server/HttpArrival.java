package io.radnet.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One HTTP request on its way. A sender whose head takes too long, or of whose body nothing comes
 * for too long, loses its connection: the thread that reads is interrupted, which closes the
 * channel.
 *
 * <p>The JDK's own {@code maxReqTime} is one limit for everything: too long for a head, of which a
 * few would hold all threads, and too short for a scan over a slow line.
 */
final class HttpArrival {
  private static final ThreadLocal<HttpArrival> HERE = new ThreadLocal<>();

  private final StallWatch watch;

  private HttpArrival(ScheduledExecutorService clock, long stallNanos) {
    watch = new StallWatch(clock, stallNanos, this, Thread.currentThread()::interrupt);
  }

  /**
   * Reads and answers one request on this thread.
   *
   * @param exchange reads the head and then calls what calls {@link #headArrived}
   */
  static void run(Runnable exchange, ScheduledExecutorService clock, long stallNanos) {
    HttpArrival arrival = new HttpArrival(clock, stallNanos);
    HERE.set(arrival);
    arrival.expect();
    try {
      exchange.run();
    } finally {
      arrival.arrived();
      HERE.remove();
      // Meant for this request and too late for it.
      Thread.interrupted();
    }
  }

  /** The request that this thread reads has a head; from now on its body is watched. */
  static void headArrived(HttpExchange exchange) {
    HttpArrival arrival = HERE.get();
    arrival.arrived();
    exchange.setStreams(arrival.new Body(exchange.getRequestBody()), null);
  }

  private synchronized void expect() {
    watch.start();
  }

  private synchronized void arrived() {
    watch.stop();
  }

  /** Watched while something is waited for, and not while what came is worked on. */
  private final class Body extends FilterInputStream {
    Body(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      expect();
      try {
        return super.read();
      } finally {
        arrived();
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      expect();
      try {
        return super.read(bytes, offset, length);
      } finally {
        arrived();
      }
    }

    @Override
    public long skip(long bytes) throws IOException {
      expect();
      try {
        return super.skip(bytes);
      } finally {
        arrived();
      }
    }

    /** The JDK reads on for a moment before it closes. */
    @Override
    public void close() throws IOException {
      expect();
      try {
        super.close();
      } finally {
        arrived();
      }
    }
  }
}
