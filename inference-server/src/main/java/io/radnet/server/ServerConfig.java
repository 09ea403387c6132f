package io.radnet.server;

import io.radnet.server.model.LoadControl;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.scan.ScanLimits;
import java.nio.file.Path;
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
 * @param sessions how models are opened
 * @param queue how much work may wait in front of each model
 * @param loadControl when models are loaded
 * @param loadAtStart with {@link LoadControl#EXPLICIT}: the models to load at start
 * @param scans scans that are worked on at the same time
 * @param messageBytes the largest gRPC message or HTTP body
 * @param limits of scans that are received
 */
public record ServerConfig(
    Path repository,
    String host,
    int grpcPort,
    int httpPort,
    int metricsPort,
    SessionSettings sessions,
    QueueLimits queue,
    LoadControl loadControl,
    List<String> loadAtStart,
    int scans,
    int messageBytes,
    ScanLimits limits) {
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
        SessionSettings.defaults(processors),
        new QueueLimits(256, 1L << 30),
        LoadControl.NONE,
        List.of(),
        Math.max(2, processors),
        DEFAULT_MESSAGE_BYTES,
        ScanLimits.defaults());
  }

  /** With other ports. */
  public ServerConfig withPorts(int grpc, int http, int metrics) {
    return new ServerConfig(
        repository,
        host,
        grpc,
        http,
        metrics,
        sessions,
        queue,
        loadControl,
        loadAtStart,
        scans,
        messageBytes,
        limits);
  }

  /** With another way to open sessions. */
  public ServerConfig withSessions(SessionSettings other) {
    return new ServerConfig(
        repository,
        host,
        grpcPort,
        httpPort,
        metricsPort,
        other,
        queue,
        loadControl,
        loadAtStart,
        scans,
        messageBytes,
        limits);
  }

  /** With other limits. */
  public ServerConfig withLimits(ScanLimits other, QueueLimits otherQueue) {
    return new ServerConfig(
        repository,
        host,
        grpcPort,
        httpPort,
        metricsPort,
        sessions,
        otherQueue,
        loadControl,
        loadAtStart,
        scans,
        messageBytes,
        other);
  }

  /** With another load control. */
  public ServerConfig withLoadControl(LoadControl other, List<String> atStart) {
    return new ServerConfig(
        repository,
        host,
        grpcPort,
        httpPort,
        metricsPort,
        sessions,
        queue,
        other,
        atStart,
        scans,
        messageBytes,
        limits);
  }
}
