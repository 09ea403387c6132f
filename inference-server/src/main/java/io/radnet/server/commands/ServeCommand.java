package io.radnet.server.commands;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.server.RadNetServer;
import io.radnet.server.ServerConfig;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.Provider;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.scan.ScanLimits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet serve}: runs the server until it is interrupted. */
@Command(
    name = "serve",
    description = "Answer over gRPC (and REST) with the models of a repository.")
final class ServeCommand implements Callable<Integer> {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

  @Spec private CommandSpec spec;
  @Mixin private VerboseOption verbose;

  @Option(
      names = "--repository",
      required = true,
      description = "Folder of models: NAME/config.pbtxt and NAME/1/model.onnx.")
  private Path repository;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address" + DEFAULT)
  private String host;

  @Option(names = "--grpc-port", defaultValue = "8001", description = "0 for any" + DEFAULT)
  private int grpcPort;

  @Option(
      names = "--http-port",
      defaultValue = "8000",
      description = "0 for any, -1 for none" + DEFAULT)
  private int httpPort;

  @Option(
      names = "--metrics-port",
      defaultValue = "8002",
      description = "0 for any, -1 for none" + DEFAULT)
  private int metricsPort;

  @Option(
      names = "--provider",
      description =
          "tensorrt, cuda, cpu, or a list in order of preference. What is named must work here;"
              + " without this option whatever is present is used.")
  private @Nullable String provider;

  @Option(
      names = "--threads",
      description = "Processor threads per session (default: all processors).")
  private @Nullable Integer threads;

  @Option(names = "--fp16", description = "Let TensorRT compute in half precision.")
  private boolean fp16;

  @Option(
      names = "--cache",
      description = "Folder for TensorRT's engines and timings, so that a restart is fast.")
  private @Nullable Path cache;

  @Option(
      names = "--gpu-memory",
      defaultValue = "0",
      description = "MiB that CUDA's arena may take, 0 for no limit" + DEFAULT)
  private long gpuMemory;

  @Option(
      names = "--load",
      defaultValue = "none",
      description =
          "none: all models at start, no change later; poll: look at the folder every 5 seconds;"
              + " explicit: only on request"
              + DEFAULT)
  private LoadControl loadControl;

  @Option(
      names = "--model",
      description = "With --load explicit: a model to load at start; may be repeated.")
  private List<String> models = List.of();

  @Option(
      names = "--scans",
      description = "Scans worked on at a time (default: the number of processors, at least 2).")
  private @Nullable Integer scans;

  @Option(
      names = "--max-scan",
      description = "MiB of one scan (default: 2048, at most a third of the heap).")
  private @Nullable Long maxScan;

  @Option(
      names = "--max-pending",
      description = "MiB of all scans that are received or worked on (default: one --max-scan).")
  private @Nullable Long maxPending;

  @Option(
      names = "--max-queue",
      defaultValue = "256",
      description = "Requests that may wait in front of a model" + DEFAULT)
  private int maxQueue;

  @Option(
      names = "--max-message",
      defaultValue = "64",
      description = "MiB of one gRPC message" + DEFAULT)
  private int maxMessage;

  @Option(
      names = "--stall",
      defaultValue = "60",
      description = "Seconds without a part of a scan after which a call is ended" + DEFAULT)
  private int stall;

  @Override
  public Integer call() throws Exception {
    // While another thread still sets up logging there is a stand-in, which has no level.
    if (LoggerFactory.getLogger("io.radnet.server") instanceof Logger requests
        && requests.getLevel() == null) {
      requests.setLevel(Level.INFO);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (RadNetServer server = RadNetServer.start(config())) {
      Thread hook = new Thread(server::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(hook);
      out.printf(
          "radnet serves %s at %s: gRPC %d, HTTP %s, metrics %s, providers %s%n",
          server.models(),
          host,
          server.grpcPort(),
          port(server.httpPort()),
          port(server.metricsPort()),
          server.providers().stream().map(Provider::label).toList());
      out.flush();
      server.awaitTermination();
    } catch (InterruptedException stopped) {
      // Whoever runs the command in a thread of its own stops it so; that is no failure.
      return 0;
    }
    return 0;
  }

  private static String port(int port) {
    return port < 0 ? "off" : Integer.toString(port);
  }

  private ServerConfig config() {
    int processors = Runtime.getRuntime().availableProcessors();
    SessionSettings defaults =
        SessionSettings.defaults(threads == null ? processors : positive("--threads", threads));
    SessionSettings sessions =
        new SessionSettings(
            provider == null ? defaults.providers() : Provider.parse(provider),
            provider != null,
            defaults.threads(),
            fp16,
            Optional.ofNullable(cache),
            gpuMemory << 20);
    ScanLimits standard = ScanLimits.defaults();
    long scanBytes = maxScan == null ? standard.scanBytes() : maxScan << 20;
    long pending = maxPending == null ? scanBytes : maxPending << 20;
    if (scanBytes < 1 || pending < scanBytes) {
      throw new InvalidInputException(
          "--max-pending", (pending >> 20) + " MiB (expected: at least --max-scan)");
    }
    return new ServerConfig(
        repository,
        host,
        port("--grpc-port", grpcPort, 0),
        port("--http-port", httpPort, -1),
        port("--metrics-port", metricsPort, -1),
        sessions,
        new QueueLimits(positive("--max-queue", maxQueue), 1L << 30),
        loadControl,
        models,
        scans == null ? Math.max(2, processors) : positive("--scans", scans),
        positive("--max-message", maxMessage) << 20,
        new ScanLimits(
            scanBytes,
            pending,
            standard.pendingScans(),
            standard.instances(),
            Duration.ofSeconds(positive("--stall", stall))));
  }

  private static int port(String option, int value, int least) {
    if (value < least || value > 65535) {
      throw new InvalidInputException(option, value + " (expected: " + least + " to 65535)");
    }
    return value;
  }

  private static int positive(String option, int value) {
    if (value < 1) {
      throw new InvalidInputException(option, value + " (expected: >= 1)");
    }
    return value;
  }
}
