package io.radnet.server;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.Provider;
import io.radnet.server.model.SessionFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private static final int POLL_SECONDS = 5;
  private static final int GRACE_SECONDS = 10;

  private final ModelRepository repository;
  private final Server grpc;
  private final List<AutoCloseable> closeables;
  private final HealthStatusManager health;
  private final List<Provider> providers;
  private final int httpPort;
  private final int metricsPort;

  private RadNetServer(
      ModelRepository repository,
      Server grpc,
      List<AutoCloseable> closeables,
      HealthStatusManager health,
      List<Provider> providers,
      int httpPort,
      int metricsPort) {
    this.repository = repository;
    this.grpc = grpc;
    this.closeables = closeables;
    this.health = health;
    this.providers = providers;
    this.httpPort = httpPort;
    this.metricsPort = metricsPort;
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
      return start(config, opened);
    } catch (IOException | RuntimeException failure) {
      closeAll(opened);
      throw failure;
    }
  }

  private static RadNetServer start(ServerConfig config, List<AutoCloseable> opened)
      throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    SessionFactory sessions = new SessionFactory(config.sessions());
    ModelRepository repository =
        new ModelRepository(
            config.repository(),
            sessions,
            config.queue(),
            (name, ready) ->
                health.setStatus(name, ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING));
    opened.add(repository);
    Inspection inspection = new Inspection(repository, sessions.usable());
    RequestLog log = new RequestLog();
    TensorInference tensors = new TensorInference(repository, log);
    Metrics metrics = new Metrics(inspection);
    opened.add(metrics);
    ExecutorService calls =
        pool("grpc", Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    opened.add(calls::shutdownNow);
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(named("clock", new AtomicInteger()));
    opened.add(clock::shutdownNow);
    RadNetService scans = RadNetService.create(config, repository, log, clock, metrics);
    opened.add(scans);

    Server grpc =
        listen(
            config,
            calls,
            List.of(
                new InferenceService(inspection, tensors),
                scans,
                health.getHealthService(),
                ProtoReflectionServiceV1.newInstance()));
    opened.add(() -> stop(grpc));
    setHealth(health, ServingStatus.NOT_SERVING);
    int http = -1;
    if (config.httpPort() >= 0) {
      RestService rest =
          new RestService(inspection, new RestInference(tensors, config.messageBytes()));
      HttpEndpoint endpoint =
          HttpEndpoint.start(config.host(), config.httpPort(), "--http-port", 8, rest);
      opened.add(endpoint);
      http = endpoint.port();
    }
    int metricsPort = -1;
    if (config.metricsPort() >= 0) {
      HttpEndpoint endpoint =
          HttpEndpoint.start(
              config.host(),
              config.metricsPort(),
              "--metrics-port",
              2,
              exchange ->
                  HttpEndpoint.Answer.text(
                      200, "text/plain; version=0.0.4; charset=utf-8", metrics.page()));
      opened.add(endpoint);
      metricsPort = endpoint.port();
    }
    load(config, repository);
    if (config.loadControl() == LoadControl.POLL) {
      clock.scheduleWithFixedDelay(repository::poll, POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
    }
    setHealth(health, ServingStatus.SERVING);
    LOG.info(
        "listening on {}: gRPC {}, HTTP {}, metrics {}; providers {}",
        config.host(),
        grpc.getPort(),
        http,
        metricsPort,
        sessions.usable());
    return new RadNetServer(repository, grpc, opened, health, sessions.usable(), http, metricsPort);
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
  }

  private static void load(ServerConfig config, ModelRepository repository) throws IOException {
    if (config.loadControl() == LoadControl.EXPLICIT) {
      for (String name : config.loadAtStart()) {
        repository.load(name);
      }
    } else {
      repository.loadAll();
    }
  }

  private static void setHealth(HealthStatusManager health, ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(GRPCInferenceServiceGrpc.SERVICE_NAME, status);
    health.setStatus(RadNetGrpc.SERVICE_NAME, status);
  }

  private static Server listen(
      ServerConfig config, ExecutorService calls, List<? extends BindableService> services)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.grpcPort()))
            .executor(calls)
            .maxInboundMessageSize(config.messageBytes())
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    services.forEach(builder::addService);
    try {
      return builder.build().start();
    } catch (IOException busy) {
      throw HttpEndpoint.busy(config.host(), config.grpcPort(), "--grpc-port", busy);
    }
  }

  private static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(threads, named(name, new AtomicInteger()));
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
    return grpc.getPort();
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

  private static void stop(Server server) {
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
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

  /** Refuses new calls, lets those under way finish for a few seconds, and frees everything. */
  @Override
  public synchronized void close() {
    health.enterTerminalState();
    closeAll(closeables);
  }
}
