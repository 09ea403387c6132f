package io.radnet.server;

import io.grpc.protobuf.services.HealthStatusManager;
import io.radnet.imaging.InvalidInputException;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.Provider;
import io.radnet.server.security.Access;
import io.radnet.server.security.CallsUnderWay;
import io.radnet.server.security.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the RadNet service, the Open Inference Protocol over gRPC and REST, health,
 * reflection and metrics. It listens first and loads the models then, so that health checks see it
 * come up.
 *
 * <pre>{@code
 * try (RadNetServer server = RadNetServer.start(ServerConfig.of(repository))) {
 *   Channel channel = ... "127.0.0.1:" + server.grpcPort()
 * }
 * }</pre>
 */
public final class RadNetServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RadNetServer.class);

  private final ModelRepository repository;
  private final GrpcEndpoint grpc;
  private final List<AutoCloseable> closeables;
  private final HealthStatusManager health;
  private final List<Provider> providers;
  private final int httpPort;
  private final int metricsPort;
  private final CallsUnderWay underWay;
  private final Duration drain;
  private final Optional<ServerTls> tls;

  /**
   * What {@link ServerAssembly} has started; {@code closeables} in the order in which they were
   * opened.
   */
  RadNetServer(
      ModelRepository repository,
      GrpcEndpoint grpc,
      List<AutoCloseable> closeables,
      HealthStatusManager health,
      List<Provider> providers,
      int httpPort,
      int metricsPort,
      CallsUnderWay underWay,
      Duration drain,
      Optional<ServerTls> tls) {
    this.repository = repository;
    this.grpc = grpc;
    this.closeables = closeables;
    this.health = health;
    this.providers = providers;
    this.httpPort = httpPort;
    this.metricsPort = metricsPort;
    this.underWay = underWay;
    this.drain = drain;
    this.tls = tls;
  }

  /**
   * Starts a server and returns when all models are warm.
   *
   * @throws InvalidInputException where a port is in use, the repository is missing or empty, a
   *     model cannot be loaded or a provider is absent
   * @throws IOException where the disk or the network fails
   */
  public static RadNetServer start(ServerConfig config) throws IOException {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      return ServerAssembly.start(config, opened);
    } catch (IOException | RuntimeException failure) {
      closeAll(opened);
      throw failure;
    }
  }

  /**
   * Checks what can be checked without opening a port or a model.
   *
   * @throws InvalidInputException where the server would not start
   */
  public static void check(ServerConfig config) throws IOException {
    if (!Files.isDirectory(config.repository())) {
      throw new InvalidInputException(config.repository(), "no such model repository");
    }
    ServerAssembly.tls(config);
    Access.open(config.security(), config.host(), reason -> {});
  }

  static java.util.concurrent.ThreadFactory named(String name, AtomicInteger counter) {
    return task -> {
      Thread thread = new Thread(task, name + "-" + counter.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The gRPC port that is listened on. */
  public int grpcPort() {
    return grpc.port();
  }

  /** The HTTP port that is listened on, or -1. */
  public int httpPort() {
    return httpPort;
  }

  /** The metrics port that is listened on, or -1. */
  public int metricsPort() {
    return metricsPort;
  }

  /** The providers that models may run on, in order of preference. */
  public List<Provider> providers() {
    return providers;
  }

  /** Names of the models that are ready. */
  public List<String> models() {
    return repository.ready().stream().map(model -> model.name()).distinct().toList();
  }

  /** Waits until {@link #close} is called. */
  public void awaitTermination() throws InterruptedException {
    grpc.awaitTermination();
  }

  /** Reads the certificates again where they have changed; the clock does so by itself. */
  void reloadCertificates() {
    tls.ifPresent(ServerTls::reload);
  }

  private void drain() {
    underWay.refuseMore();
    grpc.refuseMore();
    try {
      if (underWay.awaitNone(drain.toNanos())) {
        grpc.sayGoodbye();
      } else {
        LOG.warn("{} calls were still under way after {} s", underWay.count(), drain.toSeconds());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAll(List<AutoCloseable> opened) {
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (Exception failure) {
        LOG.warn("closing failed: {}", String.valueOf(failure.getMessage()));
      }
    }
    opened.clear();
  }

  /**
   * Says NOT_SERVING, refuses new calls, lets those under way finish for as long as the
   * configuration says, and frees everything.
   */
  @Override
  public synchronized void close() {
    // A second close comes when a signal and the command end the server together.
    if (!closeables.isEmpty()) {
      health.enterTerminalState();
      drain();
    }
    closeAll(closeables);
  }
}
