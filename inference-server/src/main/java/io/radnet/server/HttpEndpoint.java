package io.radnet.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A small HTTP server with one handler; used for metrics and for the REST form of the protocol. */
final class HttpEndpoint implements AutoCloseable {
  /** Answers one request. */
  @FunctionalInterface
  interface Handler {
    Answer handle(HttpExchange exchange) throws IOException;
  }

  /** A status, a content type and a body. */
  record Answer(int status, String type, byte[] body) {
    static Answer text(int status, String type, String body) {
      return new Answer(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(int status, String body) {
      return text(status, "application/json", body);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private HttpEndpoint(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * @param option names the port in an error
   * @throws InvalidInputException where the port is in use
   */
  static HttpEndpoint start(String host, int port, String option, int threads, Handler handler)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (BindException busy) {
      throw busy(host, port, option, busy);
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "http-" + port);
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(pool);
    server.createContext("/", exchange -> serve(exchange, handler));
    server.start();
    return new HttpEndpoint(server, pool);
  }

  static InvalidInputException busy(String host, int port, String option, IOException cause) {
    return new InvalidInputException(
        host + ":" + port,
        "cannot be listened on, in use? (choose another with " + option + ")",
        cause);
  }

  private static void serve(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = handler.handle(exchange);
      } catch (RuntimeException failure) {
        answer =
            Answer.text(
                Statuses.http(failure),
                "text/plain; charset=utf-8",
                Statuses.of(failure).getDescription() + "\n");
      }
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      boolean empty = answer.body().length == 0;
      exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
      if (!empty) {
        try (OutputStream body = exchange.getResponseBody()) {
          body.write(answer.body());
        }
      }
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
