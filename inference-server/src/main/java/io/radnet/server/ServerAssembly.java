package io.radnet.server;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.SessionFactory;
import io.radnet.server.security.Access;
import io.radnet.server.security.AccessInterceptor;
import io.radnet.server.security.CallsUnderWay;
import io.radnet.server.security.Permission;
import io.radnet.server.security.ServerTls;
import io.radnet.server.telemetry.Traces;
import io.radnet.server.web.WebService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a {@link RadNetServer} together: listens first, then loads the models. */
final class ServerAssembly {
  private static final Logger LOG = LoggerFactory.getLogger(RadNetServer.class);
  private static final int POLL_SECONDS = 5;
  private static final int CERTIFICATE_SECONDS = 20;
  private static final int HTTP_THREADS = 16;

  private ServerAssembly() {}

  /**
   * Starts a server and returns when all models are warm.
   *
   * @param opened takes everything that must be closed, in the order in which it was opened, also
   *     where this fails
   */
  static RadNetServer start(ServerConfig config, List<AutoCloseable> opened) throws IOException {
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
    Inspection inspection =
        new Inspection(repository, sessions.usable(), config.loadControl(), underWay::stopping);
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
    ScheduledExecutorService clock = clock();
    opened.add(clock::shutdownNow);
    long stallNanos = config.limits().stall().toNanos();
    HttpEndpoint.Gate gate = new HttpEndpoint.Gate(access, underWay, tls, clock, stallNanos);
    RadNetService scans = RadNetService.create(config, repository, log, clock, metrics);
    opened.add(scans);

    // One request, however large it may be, has room at least where it is alone.
    long mostArriving = Math.max(config.queue().bytes(), config.messageBytes());
    ArrivalWatch arrival = new ArrivalWatch(clock, stallNanos, mostArriving, log);
    metrics.gauge(
        "radnet_arriving_bytes",
        "Bytes of gRPC requests for tensors that are not read yet.",
        arrival::bytes);
    GrpcEndpoint grpc =
        GrpcEndpoint.start(
            config,
            tls,
            arrival,
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
      // Not on the clock: a model that takes its time must not keep stalled calls alive.
      ScheduledExecutorService polling =
          Executors.newSingleThreadScheduledExecutor(
              RadNetServer.named("polling", new AtomicInteger()));
      opened.add(polling::shutdownNow);
      polling.scheduleWithFixedDelay(
          repository::poll, POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
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

  /** A clock that drops what is cancelled at once, and with it the scans that hang on it. */
  static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, RadNetServer.named("clock", new AtomicInteger()));
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  static Optional<ServerTls> tls(ServerConfig config) throws IOException {
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
      repository.loadAtStart(config.loadAtStart());
    } else {
      repository.loadAll();
    }
  }

  private static void setHealth(HealthStatusManager health, ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(GRPCInferenceServiceGrpc.SERVICE_NAME, status);
    health.setStatus(RadNetGrpc.SERVICE_NAME, status);
  }
}
