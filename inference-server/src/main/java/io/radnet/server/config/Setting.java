package io.radnet.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every setting of {@code radnet serve}: the only table of them. Each has one name in three
 * spellings: {@code --grpc-port} on the command line, {@code RADNET_GRPC_PORT} in the environment,
 * {@code grpc-port:} in the file. {@code docs/serve.yaml} explains them with examples.
 */
public enum Setting {
  /** Where the models are. */
  REPOSITORY(path("FOLDER"), null, "Folder of models: NAME/config.pbtxt and NAME/1/model.onnx."),
  /** What to listen on. */
  HOST(
      text("ADDRESS"),
      "127.0.0.1",
      "Address to listen on. Other than loopback needs TLS, and tokens or client certificates."),
  /** Of gRPC. */
  GRPC_PORT(whole(0, 65535), "8001", "gRPC; 0 for any free port."),
  /** Of the page and REST. */
  HTTP_PORT(whole(-1, 65535), "8000", "REST and the page; 0 for any free port, -1 for none."),
  /** Of Prometheus' page. */
  METRICS_PORT(whole(-1, 65535), "8002", "Metrics; 0 for any free port, -1 for none."),
  /** Whether the page is served. */
  PAGE(new SettingKind.Switch(), "true", "Serve the web page on the HTTP port."),

  /** ONNX Runtime's providers. */
  PROVIDER(
      text("LIST"),
      null,
      "tensorrt, cuda, cpu, or a list in order of preference. What is named must work here;"
          + " without this setting whatever is present is used."),
  /** Of one session. */
  THREADS(whole(1, 4096), null, "Processor threads per session (default: all processors)."),
  /** TensorRT in half precision. */
  FP16(new SettingKind.Switch(), "false", "Let TensorRT compute in half precision."),
  /** TensorRT's files. */
  CACHE(path("FOLDER"), null, "Folder for TensorRT's engines and timings: a restart is fast."),
  /** CUDA's arena. */
  GPU_MEMORY(whole(0, 1 << 24), "0", "MiB that CUDA's arena may take, 0 for no limit."),
  /** When models are loaded. */
  LOAD(
      new SettingKind.Choice(List.of("none", "poll", "explicit")),
      "none",
      "none: all models at start, no change later; poll: look at the folder every 5 seconds;"
          + " explicit: only on request."),
  /** Loaded at start. */
  MODEL(
      new SettingKind.Names("NAME"),
      null,
      "With load explicit: a model to load at start; may be repeated."),

  /** Scans at a time. */
  SCANS(
      whole(1, 4096),
      null,
      "Scans worked on at a time (default: the number of processors, at least 2)."),
  /** Of one scan. */
  MAX_SCAN(
      whole(1, 1 << 20), null, "MiB of one scan (default: 2048, at most a third of the heap)."),
  /** Of all scans. */
  MAX_PENDING(
      whole(1, 1 << 20),
      null,
      "MiB of all scans that are received or worked on (default: one max-scan)."),
  /** In front of a model. */
  MAX_QUEUE(whole(1, 1 << 20), "256", "Requests that may wait in front of a model."),
  /** Of one message. */
  MAX_MESSAGE(whole(1, 2047), "64", "MiB of one gRPC message or REST body."),
  /** Of answers. */
  RESPONSE_CACHE(
      whole(0, 1 << 20),
      "0",
      "MiB of answers that are kept in memory for scans that are sent again, 0: none."),
  /** Between two parts. */
  STALL(
      whole(1, 86_400),
      "60",
      "Seconds in which nothing comes of a request, or is taken of an answer, that end a call."),
  /** At the end. */
  DRAIN(
      whole(0, 86_400),
      "30",
      "Seconds that calls under way have to finish after SIGTERM; new ones are refused."),

  /** Of the server. */
  TLS_CERT(path("FILE"), null, "Certificate chain (PEM): turns TLS on for every port."),
  /** Of the server. */
  TLS_KEY(path("FILE"), null, "Private key of the certificate (PEM, PKCS#8, not encrypted)."),
  /** For mutual TLS. */
  TLS_CLIENT_CA(
      path("FILE"),
      null,
      "Authorities (PEM) of client certificates: every client must show one (mutual TLS)."),
  /** Bearer tokens. */
  TOKEN_FILE(
      path("FILE"),
      null,
      "Bearer tokens, one per line: NAME ROLE SHA256 [EXPIRY]; read again when it changes."),
  /** Whether an open server is allowed. */
  INSECURE(
      new SettingKind.Switch(),
      "false",
      "Allow an address other than loopback without TLS or without tokens. Anybody who reaches it"
          + " can then read scans on their way, or send their own."),
  /** Per client. */
  CLIENT_CALLS(whole(0, 1 << 20), "0", "Calls that one client may have under way, 0: no limit."),
  /** Per client. */
  CLIENT_RATE(
      new SettingKind.Fraction(0, 1e6),
      "0",
      "Calls per second that one client may begin on average, 0: no limit."),

  /** Of the log. */
  LOG_FORMAT(
      new SettingKind.Choice(List.of("text", "json")),
      "text",
      "text for people, json for one JSON object per line."),
  /** OTLP. */
  TRACE_ENDPOINT(
      text("URL"),
      null,
      "Where traces are sent by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces"
          + " (default: none are made)."),
  /** Share of requests. */
  TRACE_RATIO(
      new SettingKind.Fraction(0, 1),
      "1",
      "Share of requests that are traced where the caller does not decide it.");

  private final SettingKind kind;
  private final Optional<String> standard;
  private final String description;

  Setting(SettingKind kind, @org.jspecify.annotations.Nullable String standard, String text) {
    this.kind = kind;
    this.standard = Optional.ofNullable(standard);
    this.description = text;
  }

  private static SettingKind text(String placeholder) {
    return new SettingKind.Text(placeholder);
  }

  private static SettingKind path(String placeholder) {
    return new SettingKind.Location(placeholder);
  }

  private static SettingKind whole(long least, long most) {
    return new SettingKind.Whole(least, most);
  }

  /** What values it takes. */
  public SettingKind kind() {
    return kind;
  }

  /** The value where none is given; empty where that depends, as the description says. */
  public Optional<String> standard() {
    return standard;
  }

  /** One or two sentences for the usage message. */
  public String description() {
    return description;
  }

  /** The name in a file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name on the command line. */
  public String flag() {
    return "--" + key();
  }

  /** The name in the environment. */
  public String variable() {
    return "RADNET_" + name();
  }
}
