package io.radnet.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The answer of one exchange on its way. A reader that takes nothing of it for too long loses its
 * connection: the thread that sends is interrupted, which closes the channel.
 *
 * <p>The JDK's own {@code maxRspTime} counts the time of the work too, and with TLS its timer waits
 * for the lock that the blocked sender holds.
 */
final class HttpSending implements AutoCloseable {
  /** Between two parts the other side is seen to take something. */
  private static final int PART = 64 << 10;

  private final HttpExchange exchange;
  private final StallWatch watch;

  /** For the thread that is here. */
  HttpSending(HttpExchange exchange, ScheduledExecutorService clock, long stallNanos) {
    this.exchange = exchange;
    this.watch = new StallWatch(clock, stallNanos, this, Thread.currentThread()::interrupt);
  }

  /** Sends all of it; the connection is free for the next request after {@link #close}. */
  void send(HttpEndpoint.Answer answer) throws IOException {
    watch();
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (!answer.headers().containsKey("Cache-Control")) {
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = answer.body();
    boolean empty = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), empty ? -1 : bytes.length);
    if (empty) {
      return;
    }
    OutputStream body = exchange.getResponseBody();
    for (int from = 0; from < bytes.length; from += PART) {
      watch();
      body.write(bytes, from, Math.min(PART, bytes.length - from));
    }
    body.flush();
  }

  private synchronized void watch() {
    watch.start();
  }

  /** Ends the exchange; what is left of a request that was refused is read here, or not. */
  @Override
  public void close() {
    watch();
    exchange.close();
    synchronized (this) {
      watch.stop();
    }
    // Too late to break anything off, and not meant for the next exchange of this thread.
    Thread.interrupted();
  }
}
