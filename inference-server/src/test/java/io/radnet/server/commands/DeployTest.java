package io.radnet.server.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.cli.CommandRunner;
import io.radnet.server.ServerConfig;
import io.radnet.server.config.ConfiguredServer;
import io.radnet.server.config.Setting;
import io.radnet.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;

/** The files to deploy with name nothing that does not exist. */
final class DeployTest {
  private static final Path DEPLOY = Path.of("deploy");

  @TempDir private Path folder;

  private static List<Map<?, ?>> documents(String file) throws IOException {
    List<Map<?, ?>> all = new ArrayList<>();
    new Yaml(new SafeConstructor(new LoaderOptions()))
        .loadAll(Files.readString(DEPLOY.resolve(file)))
        .forEach(each -> all.add((Map<?, ?>) each));
    return all;
  }

  /** The value at a path of keys and positions. */
  private static Object at(Object node, Object... path) {
    Object here = node;
    for (Object key : path) {
      Object next =
          key instanceof Integer position
              ? ((List<?>) here).get(position)
              : ((Map<?, ?>) here).get(key);
      here = Objects.requireNonNull(next, () -> key + " in " + Arrays.toString(path));
    }
    return here;
  }

  private static Map<?, ?> kind(List<Map<?, ?>> documents, String kind) {
    return documents.stream()
        .filter(each -> kind.equals(each.get("kind")))
        .findFirst()
        .orElseThrow();
  }

  private static void knowsOptions(List<?> arguments) {
    CommandLine serve =
        Objects.requireNonNull(CommandRunner.commandLine(new Main()).getSubcommands().get("serve"));
    for (Object argument : arguments) {
      String option = argument.toString().split("=", 2)[0];
      if (option.startsWith("--")) {
        assertThat(serve.getCommandSpec().findOption(option)).as(option).isNotNull();
      }
    }
  }

  private static void isConfined(Object container) {
    Object context = at(container, "securityContext");
    assertThat(at(context, "readOnlyRootFilesystem")).isEqualTo(true);
    assertThat(at(context, "allowPrivilegeEscalation")).isEqualTo(false);
    assertThat(at(context, "capabilities", "drop")).isEqualTo(List.of("ALL"));
    assertThat(at(container, "resources", "requests", "memory")).isNotNull();
    assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/v2/health/ready");
    assertThat(at(container, "livenessProbe", "httpGet", "path")).isEqualTo("/v2/health/live");
  }

  @Test
  void theDeploymentFitsTheServer() throws IOException {
    List<Map<?, ?>> documents = documents("kubernetes/radnet.yaml");
    Path file =
        Files.writeString(
            folder.resolve("serve.yaml"),
            at(kind(documents, "ConfigMap"), "data", "serve.yaml").toString());
    ServerConfig config =
        ConfiguredServer.of(Settings.resolve(Map.of(), Map.of(), Optional.of(file)));
    assertThat(config.security().complaint("0.0.0.0")).isEmpty();
    Object pod = at(kind(documents, "Deployment"), "spec", "template", "spec");
    Object container = at(pod, "containers", 0);
    knowsOptions((List<?>) at(container, "args"));
    isConfined(container);
    assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
    // The pause before SIGTERM and the drain must fit into the time that the pod is given.
    int pause = (Integer) at(container, "lifecycle", "preStop", "sleep", "seconds");
    int grace = (Integer) at(pod, "terminationGracePeriodSeconds");
    assertThat(config.drain().plusSeconds(pause)).isLessThan(Duration.ofSeconds(grace));
    Set<Object> ports =
        ((List<?>) at(container, "ports"))
            .stream().map(port -> at(port, "containerPort")).collect(Collectors.toSet());
    assertThat(ports).isEqualTo(Set.of(config.httpPort(), config.grpcPort(), config.metricsPort()));
    Map<?, ?> service = kind(documents, "Service");
    assertThat(at(service, "spec", "clusterIP")).isEqualTo("None");
    assertThat(at(service, "spec", "selector"))
        .isEqualTo(at(kind(documents, "Deployment"), "spec", "selector", "matchLabels"));
    assertThat(at(kind(documents, "HorizontalPodAutoscaler"), "spec", "scaleTargetRef", "name"))
        .isEqualTo(at(kind(documents, "Deployment"), "metadata", "name"));
  }

  @Test
  void theInferenceServiceFitsTheServer() throws IOException {
    Map<?, ?> service = kind(documents("kubernetes/kserve.yaml"), "InferenceService");
    Object container = at(service, "spec", "predictor", "containers", 0);
    knowsOptions((List<?>) at(container, "args"));
    isConfined(container);
    assertThat(at(container, "ports", 0, "containerPort"))
        .hasToString(Setting.GRPC_PORT.standard().orElseThrow());
  }

  @Test
  void theImageRunsARealCommandWithoutRights() throws IOException {
    String file = Files.readString(DEPLOY.resolve("Containerfile"));
    assertThat(file).containsPattern("(?m)^USER [1-9][0-9]*$").contains("HEALTHCHECK");
    Set<String> known =
        Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet());
    Matcher variable = Pattern.compile("RADNET_[A-Z_]+").matcher(file);
    int variables = 0;
    while (variable.find()) {
      assertThat(known).contains(variable.group());
      variables++;
    }
    assertThat(variables).isEqualTo(3);
    Matcher command =
        Pattern.compile(Pattern.quote(Main.class.getName()) + "\", \"([a-z]+)\"").matcher(file);
    List<String> commands = command.results().map(each -> each.group(1)).toList();
    assertThat(commands).containsExactly("health", "serve");
    assertThat(CommandRunner.commandLine(new Main()).getSubcommands().keySet())
        .containsAll(commands);
  }
}
