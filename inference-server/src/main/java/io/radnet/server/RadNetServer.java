package io.radnet.server;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.Provider;
import io.radnet.server.model.SessionFactory;
import io.radnet.server.security.Access;
import io.radnet.server.security.AccessInterceptor;
import io.radnet.server.security.CallsUnderWay;
import io.radnet.server.security.Permission;
import io.radnet.server.security.ServerTls;
import io.radnet.server.telemetry.Traces;
import io.radnet.server.web.WebService;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private static final int CERTIFICATE_SECONDS = 20;
  private static final int HTTP_THREADS = 16;

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

  private RadNetServer(
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
      return start(config, opened);
    } catch (IOException | RuntimeException failure) {
      closeAll(opened);
      throw failure;
    }
  }

  private static RadNetServer start(ServerConfig config, List<AutoCloseable> opened)
      throws IOException {
    warnOfOpenDoors(config);
    Optional<ServerTls> tls = tls(config);
    CallsUnderWay underWay = new CallsUnderWay();
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
    Inspection inspection = new Inspection(repository, sessions.usable(), underWay::stopping);
    Traces traces = Traces.open(config.traces(), Inspection.version());
    opened.add(traces);
    RequestLog log = new RequestLog(traces);
    RequestMemory memory = new RequestMemory();
    TensorInference tensors = new TensorInference(repository, log, memory);
    Metrics metrics = new Metrics(inspection);
    opened.add(metrics);
    metrics.gauge(
        "radnet_calls_under_way", "Calls that have begun and not ended.", underWay::count);
    Access access = Access.open(config.security(), config.host(), metrics::refused);
    HttpEndpoint.Gate gate = new HttpEndpoint.Gate(access, underWay, tls);
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(named("clock", new AtomicInteger()));
    opened.add(clock::shutdownNow);
    RadNetService scans = RadNetService.create(config, repository, log, clock, metrics);
    opened.add(scans);

    GrpcEndpoint grpc =
        GrpcEndpoint.start(
            config,
            tls,
            new AccessInterceptor(
                access,
                underWay,
                (call, client, refused) -> {
                  log.refused(call, client, refused);
                  return Statuses.exception(refused);
                }),
            memory,
            List.of(
                new InferenceService(inspection, tensors),
                scans,
                health.getHealthService(),
                ProtoReflectionServiceV1.newInstance()));
    opened.add(grpc);
    setHealth(health, ServingStatus.NOT_SERVING);
    int http = -1;
    if (config.httpPort() >= 0) {
      RestService rest =
          new RestService(inspection, new RestInference(tensors, config.messageBytes()));
      HttpEndpoint endpoint =
          HttpEndpoint.start(
              config.host(),
              config.httpPort(),
              "--http-port",
              HTTP_THREADS,
              gate,
              config.page() ? new HttpRoutes(rest, new WebService(scans.page(inspection))) : rest);
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
              gate,
              HttpEndpoint.page(
                  Permission.SCRAPE,
                  () ->
                      HttpEndpoint.Answer.text(
                          200, "text/plain; version=0.0.4; charset=utf-8", metrics.page())));
      opened.add(endpoint);
      metricsPort = endpoint.port();
    }
    load(config, repository);
    if (config.loadControl() == LoadControl.POLL) {
      clock.scheduleWithFixedDelay(repository::poll, POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
    }
    tls.ifPresent(
        files ->
            clock.scheduleWithFixedDelay(
                files::reload, CERTIFICATE_SECONDS, CERTIFICATE_SECONDS, TimeUnit.SECONDS));
    setHealth(health, ServingStatus.SERVING);
    LOG.info(
        "listening on {}: gRPC {}, HTTP {}, metrics {}; providers {}",
        config.host(),
        grpc.port(),
        http,
        metricsPort,
        sessions.usable());
    return new RadNetServer(
        repository,
        grpc,
        opened,
        health,
        sessions.usable(),
        http,
        metricsPort,
        underWay,
        config.drain(),
        tls);
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
    tls(config);
    Access.open(config.security(), config.host(), reason -> {});
  }

  private static Optional<ServerTls> tls(ServerConfig config) throws IOException {
    return config.security().tls().isPresent()
        ? Optional.of(new ServerTls(config.security().tls().get()))
        : Optional.empty();
  }

  private static void warnOfOpenDoors(ServerConfig config) {
    config
        .security()
        .complaint(config.host())
        .ifPresent(
            complaint -> {
              throw new InvalidInputException("--host", complaint);
            });
    if (config.security().open(config.host())) {
      LOG.warn(
          "INSECURE: {} is open to other machines without TLS or without tokens. Whoever reaches it"
              + " can read scans on their way or send their own.",
          config.host());
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
