package io.radnet.server.commands;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.server.RadNetServer;
import io.radnet.server.ServerConfig;
import io.radnet.server.config.ConfiguredServer;
import io.radnet.server.config.Setting;
import io.radnet.server.config.Settings;
import io.radnet.server.model.Provider;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code radnet serve}: runs the server until it is stopped. */
@Command(
    name = "serve",
    modelTransformer = ServeOptions.class,
    description = {
      "Answer over gRPC, REST and a web page with the models of a repository.",
      "Every option but --config and --check can also be given as a line of the file (grpc-port:"
          + " 8001) or in the environment (RADNET_GRPC_PORT=8001). The command line comes before the"
          + " environment, the environment before the file. docs/serve.yaml explains them all."
    })
final class ServeCommand implements Callable<Integer> {
  private static final String CONFIG_VARIABLE = "RADNET_CONFIG";

  @Spec private CommandSpec spec;
  @Mixin private VerboseOption verbose;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file of settings (or RADNET_CONFIG).")
  private @Nullable Path config;

  @Option(names = "--check", description = "Check all settings and the files they name, and exit.")
  private boolean check;

  @Override
  public Integer call() throws Exception {
    Map<String, String> environment = System.getenv();
    Optional<Path> file =
        Optional.ofNullable(config)
            .or(
                () ->
                    Optional.ofNullable(environment.get(CONFIG_VARIABLE))
                        .filter(value -> !value.isEmpty())
                        .map(Path::of));
    Settings settings = Settings.resolve(ServeOptions.given(spec), environment, file);
    if (!settings.has(Setting.REPOSITORY)) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--repository=FOLDER'");
    }
    ServerConfig server = ConfiguredServer.of(settings);
    PrintWriter out = spec.commandLine().getOut();
    if (check) {
      RadNetServer.check(server);
      out.println("the settings are valid");
      out.flush();
      return 0;
    }
    // While another thread still sets up logging there is a stand-in, which has no level.
    if (LoggerFactory.getLogger("io.radnet.server") instanceof Logger requests
        && requests.getLevel() == null) {
      requests.setLevel(Level.INFO);
    }
    boolean json = settings.text(Setting.LOG_FORMAT).orElseThrow().equals("json");
    try (LogFormat format = json ? LogFormat.json() : LogFormat.unchanged()) {
      return run(server, out);
    }
  }

  private static int run(ServerConfig config, PrintWriter out) throws Exception {
    try (RadNetServer server = RadNetServer.start(config);
        StopSignals signals = StopSignals.handle(server::close)) {
      out.printf(
          "radnet serves %s at %s: gRPC %d, HTTP %s, metrics %s, providers %s%n",
          server.models(),
          config.host(),
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
}
