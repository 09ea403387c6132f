package io.radnet.server.config;

import io.radnet.imaging.InvalidInputException;
import io.radnet.server.ServerConfig;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.Provider;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.scan.ScanLimits;
import io.radnet.server.security.ClientLimits;
import io.radnet.server.security.SecuritySettings;
import io.radnet.server.security.TlsFiles;
import io.radnet.server.telemetry.TraceSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Settings to the configuration of a server, with the checks that need more than one of them. */
public final class ConfiguredServer {
  private ConfiguredServer() {}

  /**
   * @throws InvalidInputException naming the setting where it was given
   */
  public static ServerConfig of(Settings settings) {
    Path repository =
        settings
            .path(Setting.REPOSITORY)
            .orElseThrow(() -> settings.wrong(Setting.REPOSITORY, "is required"));
    int messageBytes =
        Math.toIntExact(
            Math.min(settings.whole(Setting.MAX_MESSAGE) * (1L << 20), Integer.MAX_VALUE));
    int processors = Runtime.getRuntime().availableProcessors();
    return ServerConfig.of(repository)
        .withHost(settings.text(Setting.HOST).orElseThrow())
        .withPorts(
            settings.whole(Setting.GRPC_PORT),
            settings.whole(Setting.HTTP_PORT),
            settings.whole(Setting.METRICS_PORT))
        .withPage(settings.on(Setting.PAGE))
        .withSessions(sessions(settings, processors))
        .withLimits(scans(settings), new QueueLimits(settings.whole(Setting.MAX_QUEUE), 1L << 30))
        .withLoadControl(
            LoadControl.valueOf(settings.text(Setting.LOAD).orElseThrow().toUpperCase(Locale.ROOT)),
            settings.names(Setting.MODEL))
        .withWork((int) settings.whole(Setting.SCANS, Math.max(2, processors)), messageBytes)
        .withDrain(Duration.ofSeconds(settings.whole(Setting.DRAIN)))
        .withSecurity(security(settings))
        .withTraces(traces(settings));
  }

  private static SessionSettings sessions(Settings settings, int processors) {
    SessionSettings defaults =
        SessionSettings.defaults((int) settings.whole(Setting.THREADS, processors));
    Optional<String> provider = settings.text(Setting.PROVIDER);
    return new SessionSettings(
        provider.isPresent() ? providers(settings, provider.get()) : defaults.providers(),
        provider.isPresent(),
        defaults.threads(),
        settings.on(Setting.FP16),
        settings.path(Setting.CACHE),
        settings.whole(Setting.GPU_MEMORY, 0) << 20);
  }

  private static List<Provider> providers(Settings settings, String names) {
    try {
      return Provider.parse(names);
    } catch (InvalidInputException unknown) {
      throw settings.wrong(Setting.PROVIDER, String.valueOf(unknown.getMessage()));
    }
  }

  private static ScanLimits scans(Settings settings) {
    ScanLimits standard = ScanLimits.defaults();
    long scanBytes = settings.whole(Setting.MAX_SCAN, standard.scanBytes() >> 20) << 20;
    if (!settings.has(Setting.MAX_SCAN)) {
      scanBytes = standard.scanBytes();
    }
    long pending =
        settings.has(Setting.MAX_PENDING)
            ? settings.whole(Setting.MAX_PENDING, 0) << 20
            : scanBytes;
    if (pending < scanBytes) {
      throw settings.wrong(
          Setting.MAX_PENDING, (pending >> 20) + " MiB (expected: at least max-scan)");
    }
    return new ScanLimits(
        scanBytes,
        pending,
        standard.pendingScans(),
        standard.instances(),
        Duration.ofSeconds(settings.whole(Setting.STALL)),
        settings.whole(Setting.RESPONSE_CACHE) << 20);
  }

  private static SecuritySettings security(Settings settings) {
    Optional<Path> certificate = settings.path(Setting.TLS_CERT);
    Optional<Path> key = settings.path(Setting.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      Setting given = certificate.isPresent() ? Setting.TLS_CERT : Setting.TLS_KEY;
      throw settings.wrong(given, "tls-cert and tls-key belong together (one is missing)");
    }
    if (settings.has(Setting.TLS_CLIENT_CA) && certificate.isEmpty()) {
      throw settings.wrong(Setting.TLS_CLIENT_CA, "needs tls-cert and tls-key");
    }
    Optional<TlsFiles> tls =
        certificate.map(
            file -> new TlsFiles(file, key.orElseThrow(), settings.path(Setting.TLS_CLIENT_CA)));
    SecuritySettings security =
        new SecuritySettings(
            tls,
            settings.path(Setting.TOKEN_FILE),
            settings.on(Setting.INSECURE),
            new ClientLimits(
                settings.whole(Setting.CLIENT_CALLS), settings.fraction(Setting.CLIENT_RATE)));
    security
        .complaint(settings.text(Setting.HOST).orElseThrow())
        .ifPresent(
            complaint -> {
              throw settings.wrong(Setting.HOST, complaint);
            });
    return security;
  }

  private static TraceSettings traces(Settings settings) {
    Optional<String> endpoint = settings.text(Setting.TRACE_ENDPOINT);
    if (endpoint.isEmpty()) {
      return TraceSettings.OFF;
    }
    if (!endpoint.get().matches("https?://[^/\\s]+(/\\S*)?")) {
      throw settings.wrong(
          Setting.TRACE_ENDPOINT,
          endpoint.get() + " (expected: an address such as http://127.0.0.1:4318/v1/traces)");
    }
    try {
      return new TraceSettings(
          Optional.of(URI.create(endpoint.get())), settings.fraction(Setting.TRACE_RATIO));
    } catch (IllegalArgumentException malformed) {
      throw settings.wrong(Setting.TRACE_ENDPOINT, "not an address: " + endpoint.get());
    }
  }
}
