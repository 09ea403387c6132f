package io.radnet.server;

import io.radnet.server.model.LoadControl;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.scan.ScanLimits;
import io.radnet.server.security.SecuritySettings;
import io.radnet.server.telemetry.TraceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a server is set up. Start from {@link #of(Path)} and change what differs with the {@code
 * with} methods.
 *
 * @param repository folder of models
 * @param host address to listen on; the loopback address unless others are to reach it
 * @param grpcPort 0 for any free port
 * @param httpPort 0 for any free port, -1 for none
 * @param metricsPort 0 for any free port, -1 for none
 * @param page whether the web page is served on the HTTP port
 * @param sessions how models are opened
 * @param queue how much work may wait in front of each model
 * @param loadControl when models are loaded
 * @param loadAtStart with {@link LoadControl#EXPLICIT}: the models to load at start
 * @param scans scans that are worked on at the same time
 * @param messageBytes the largest gRPC message or HTTP body
 * @param limits of scans that are received
 * @param drain how long calls under way may go on after {@link RadNetServer#close}
 * @param security who may do what
 * @param traces where they go
 */
public record ServerConfig(
    Path repository,
    String host,
    int grpcPort,
    int httpPort,
    int metricsPort,
    boolean page,
    SessionSettings sessions,
    QueueLimits queue,
    LoadControl loadControl,
    List<String> loadAtStart,
    int scans,
    int messageBytes,
    ScanLimits limits,
    Duration drain,
    SecuritySettings security,
    TraceSettings traces) {
  private static final int DEFAULT_MESSAGE_BYTES = 64 << 20;

  /** Copies the list. */
  public ServerConfig {
    loadAtStart = List.copyOf(loadAtStart);
    for (int port : new int[] {grpcPort, httpPort, metricsPort}) {
      if (port < -1 || port > 65535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
      }
    }
    if (grpcPort < 0 || scans < 1 || messageBytes < 1 << 16) {
      throw new IllegalArgumentException(
          "gRPC port: "
              + grpcPort
              + ", scans: "
              + scans
              + ", message bytes: "
              + messageBytes
              + " (expected: a port, >= 1, >= 65536)");
    }
  }

  /** Loopback, free ports, all processors, whatever provider is present. */
  public static ServerConfig of(Path repository) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new ServerConfig(
        repository,
        "127.0.0.1",
        0,
        0,
        0,
        true,
        SessionSettings.defaults(processors),
        new QueueLimits(256, 1L << 30),
        LoadControl.NONE,
        List.of(),
        Math.max(2, processors),
        DEFAULT_MESSAGE_BYTES,
        ScanLimits.defaults(),
        Duration.ofSeconds(10),
        SecuritySettings.LOOPBACK,
        TraceSettings.OFF);
  }

  /** With another address. */
  public ServerConfig withHost(String other) {
    return new Draft(this).host(other).build();
  }

  /** With other ports. */
  public ServerConfig withPorts(int grpc, int http, int metrics) {
    return new Draft(this).ports(grpc, http, metrics).build();
  }

  /** With or without the web page. */
  public ServerConfig withPage(boolean other) {
    return new Draft(this).page(other).build();
  }

  /** With another way to open sessions. */
  public ServerConfig withSessions(SessionSettings other) {
    return new Draft(this).sessions(other).build();
  }

  /** With other limits. */
  public ServerConfig withLimits(ScanLimits other, QueueLimits otherQueue) {
    return new Draft(this).limits(other, otherQueue).build();
  }

  /** With another load control. */
  public ServerConfig withLoadControl(LoadControl other, List<String> atStart) {
    return new Draft(this).loadControl(other, atStart).build();
  }

  /** With another number of scans at a time and another largest message. */
  public ServerConfig withWork(int otherScans, int otherMessageBytes) {
    return new Draft(this).work(otherScans, otherMessageBytes).build();
  }

  /** With another time for calls under way to finish. */
  public ServerConfig withDrain(Duration other) {
    return new Draft(this).drain(other).build();
  }

  /** With other protection. */
  public ServerConfig withSecurity(SecuritySettings other) {
    return new Draft(this).security(other).build();
  }

  /** With traces. */
  public ServerConfig withTraces(TraceSettings other) {
    return new Draft(this).traces(other).build();
  }

  /** A copy on its way to be changed, so that no method above repeats the list of components. */
  private static final class Draft {
    private final Path repository;
    private String host;
    private int grpcPort;
    private int httpPort;
    private int metricsPort;
    private boolean page;
    private SessionSettings sessions;
    private QueueLimits queue;
    private LoadControl loadControl;
    private List<String> loadAtStart;
    private int scans;
    private int messageBytes;
    private ScanLimits limits;
    private Duration drain;
    private SecuritySettings security;
    private TraceSettings traces;

    Draft(ServerConfig from) {
      repository = from.repository;
      host = from.host;
      grpcPort = from.grpcPort;
      httpPort = from.httpPort;
      metricsPort = from.metricsPort;
      page = from.page;
      sessions = from.sessions;
      queue = from.queue;
      loadControl = from.loadControl;
      loadAtStart = from.loadAtStart;
      scans = from.scans;
      messageBytes = from.messageBytes;
      limits = from.limits;
      drain = from.drain;
      security = from.security;
      traces = from.traces;
    }

    Draft host(String other) {
      host = other;
      return this;
    }

    Draft ports(int grpc, int http, int metrics) {
      grpcPort = grpc;
      httpPort = http;
      metricsPort = metrics;
      return this;
    }

    Draft page(boolean other) {
      page = other;
      return this;
    }

    Draft sessions(SessionSettings other) {
      sessions = other;
      return this;
    }

    Draft limits(ScanLimits other, QueueLimits otherQueue) {
      limits = other;
      queue = otherQueue;
      return this;
    }

    Draft loadControl(LoadControl other, List<String> atStart) {
      loadControl = other;
      loadAtStart = atStart;
      return this;
    }

    Draft work(int otherScans, int otherMessageBytes) {
      scans = otherScans;
      messageBytes = otherMessageBytes;
      return this;
    }

    Draft drain(Duration other) {
      drain = other;
      return this;
    }

    Draft security(SecuritySettings other) {
      security = other;
      return this;
    }

    Draft traces(TraceSettings other) {
      traces = other;
      return this;
    }

    ServerConfig build() {
      return new ServerConfig(
          repository,
          host,
          grpcPort,
          httpPort,
          metricsPort,
          page,
          sessions,
          queue,
          loadControl,
          loadAtStart,
          scans,
          messageBytes,
          limits,
          drain,
          security,
          traces);
    }
  }
}
