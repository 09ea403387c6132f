package io.radnet.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.Context;
import io.radnet.imaging.InvalidInputException;
import io.radnet.server.model.RequestException;
import io.radnet.server.security.Access;
import io.radnet.server.security.AccessException;
import io.radnet.server.security.AccessInterceptor;
import io.radnet.server.security.CallsUnderWay;
import io.radnet.server.security.Client;
import io.radnet.server.security.Permission;
import io.radnet.server.security.ServerTls;
import io.radnet.server.telemetry.Traces;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLParameters;

/**
 * A small HTTP or HTTPS server with one handler; used for metrics, for the REST form of the
 * protocol and for the page. It asks {@link Access} about every request first.
 */
public final class HttpEndpoint implements AutoCloseable {
  /** Answers one request. */
  public interface Handler {
    /** What the request needs; decided by its address and method alone. */
    Permission needs(String method, String path);

    /** The answer; a failure is told by {@link #failure}. */
    Answer handle(HttpExchange exchange) throws IOException;

    /** The answer to a request that failed with a status, in the handler's own form. */
    default Answer failure(int status, String message) {
      return Answer.text(status, "text/plain; charset=utf-8", message + "\n");
    }
  }

  /** A status, a content type, a body and further headers. */
  public record Answer(int status, String type, byte[] body, Map<String, String> headers) {
    /** Without further headers. */
    public Answer(int status, String type, byte[] body) {
      this(status, type, body, Map.of());
    }

    /** Text in UTF-8. */
    public static Answer text(int status, String type, String body) {
      return new Answer(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON. */
    public static Answer json(int status, String body) {
      return text(status, "application/json", body);
    }
  }

  /**
   * What stands in front of a port.
   *
   * @param clock notices senders that do not send and readers that do not read
   * @param stallNanos of that are too long
   */
  record Gate(
      Access access,
      CallsUnderWay underWay,
      Optional<ServerTls> tls,
      ScheduledExecutorService clock,
      long stallNanos) {}

  /** Threads that inference leaves to all other requests, such as health checks. */
  private static final int SPARE_THREADS = 4;

  /**
   * How long a request may take to arrive, or one in small parts would hold its thread for ever.
   */
  private static final String ARRIVAL_SECONDS = "600";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Semaphore inferring;
  private final Handler handler;
  private final Gate gate;

  private HttpEndpoint(
      HttpServer server, ExecutorService pool, int threads, Handler handler, Gate gate) {
    this.server = server;
    this.threads = pool;
    this.inferring = new Semaphore(Math.max(1, threads - SPARE_THREADS));
    this.handler = handler;
    this.gate = gate;
  }

  /**
   * @param option names the port in an error
   * @throws InvalidInputException where the port is in use
   */
  static HttpEndpoint start(
      String host, int port, String option, int threads, Gate gate, Handler handler)
      throws IOException {
    if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
      // The JDK reads it once, with its first server, and offers no other way.
      System.setProperty("sun.net.httpserver.maxReqTime", ARRIVAL_SECONDS);
    }
    HttpServer server;
    InetSocketAddress address = new InetSocketAddress(host, port);
    try {
      server =
          gate.tls().isPresent()
              ? secured(HttpsServer.create(address, 0), gate.tls().get())
              : HttpServer.create(address, 0);
    } catch (BindException busy) {
      throw busy(host, port, option, busy);
    } catch (SocketException unusable) {
      throw busy(host, port, option, unusable);
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "http-" + port);
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(
        exchange -> pool.execute(() -> HttpArrival.run(exchange, gate.clock(), gate.stallNanos())));
    HttpEndpoint endpoint = new HttpEndpoint(server, pool, threads, handler, gate);
    server.createContext("/", endpoint::serve);
    server.start();
    return endpoint;
  }

  private static HttpServer secured(HttpsServer server, ServerTls tls) {
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
            // Wanted, not needed: a health check shows none. Who must show one is asked later.
            ssl.setWantClientAuth(tls.asksClients());
            parameters.setSSLParameters(ssl);
          }
        });
    return server;
  }

  static InvalidInputException busy(String host, int port, String option, IOException cause) {
    return new InvalidInputException(
        host + ":" + port,
        "cannot be listened on, in use? (choose another with " + option + ")",
        cause);
  }

  private void serve(HttpExchange exchange) throws IOException {
    HttpArrival.headArrived(exchange);
    String path = String.valueOf(exchange.getRequestURI().getPath());
    Permission needed = handler.needs(exchange.getRequestMethod(), path);
    CallsUnderWay.Call counted = CallsUnderWay.UNCOUNTED;
    try (HttpSending sending = new HttpSending(exchange, gate.clock(), gate.stallNanos())) {
      if (needed != Permission.NONE && needed != Permission.SCRAPE) {
        try {
          counted = gate.underWay().begin();
        } catch (RequestException stopping) {
          sending.send(failed(stopping));
          return;
        }
      }
      if (needed == Permission.INFER) {
        infer(exchange, sending);
      } else {
        sending.send(answer(exchange, needed));
      }
    } finally {
      // Counted until the answer is written, since a server that stops waits for the count.
      counted.close();
    }
  }

  private void infer(HttpExchange exchange, HttpSending sending) throws IOException {
    if (!inferring.tryAcquire()) {
      sending.send(
          failed(
              new RequestException(
                  RequestException.Reason.OVERLOADED,
                  "the server answers as many HTTP requests as it can; try again later")));
      return;
    }
    try {
      sending.send(answer(exchange, Permission.INFER));
    } finally {
      // Before the exchange ends, so that the same caller's next request finds the place free.
      inferring.release();
    }
  }

  private Answer answer(HttpExchange exchange, Permission needed) throws IOException {
    try {
      RequestOrigin.check(exchange, gate.access().trusting());
      try (Access.Pass pass = gate.access().enter(credentials(exchange), needed)) {
        return Context.current()
            .withValue(Client.CURRENT, pass.client())
            .withValue(Traces.CALLER, header(exchange, "traceparent"))
            .call(() -> handler.handle(exchange));
      }
    } catch (RuntimeException | OutOfMemoryError failure) {
      return failed(failure);
    } catch (IOException failure) {
      throw failure;
    } catch (Exception impossible) {
      throw new IllegalStateException("a handler throws nothing else", impossible);
    }
  }

  private Answer failed(Throwable failure) {
    Answer answer =
        handler.failure(
            Statuses.http(failure), String.valueOf(Statuses.of(failure).getDescription()));
    if (failure instanceof AccessException access && !access.known()) {
      return with(answer, "WWW-Authenticate", "Bearer");
    }
    return failure instanceof RequestException refused
            && refused.reason() == RequestException.Reason.OVERLOADED
        ? with(answer, "Retry-After", "1")
        : answer;
  }

  private static Answer with(Answer answer, String header, String value) {
    return new Answer(answer.status(), answer.type(), answer.body(), Map.of(header, value));
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static Access.Credentials credentials(HttpExchange exchange) {
    return new Access.Credentials(
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
        AccessInterceptor.certificate(
            exchange instanceof HttpsExchange secure ? secure.getSSLSession() : null),
        exchange.getRemoteAddress().getAddress().getHostAddress());
  }

  /** A handler for one address that answers GET. */
  static Handler page(Permission permission, java.util.function.Supplier<Answer> page) {
    return new Handler() {
      @Override
      public Permission needs(String method, String path) {
        return permission;
      }

      @Override
      public Answer handle(HttpExchange exchange) {
        return page.get();
      }
    };
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
