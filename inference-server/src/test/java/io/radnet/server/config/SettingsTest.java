package io.radnet.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where settings come from, and how mistakes in them are named. */
final class SettingsTest {
  private static final Path EXAMPLE = Path.of("..", "docs", "serve.yaml");

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("serve.yaml"), text);
  }

  private Settings read(String text) throws IOException {
    return Settings.resolve(Map.of(), Map.of(), Optional.of(file(text)));
  }

  @Test
  void theDocumentedExampleIsCompleteAndValid() throws IOException {
    Settings settings = Settings.resolve(Map.of(), Map.of(), Optional.of(EXAMPLE));
    for (Setting setting : Setting.values()) {
      assertThat(settings.has(setting)).as(setting.key() + " in docs/serve.yaml").isTrue();
    }
    ServerConfig config = ConfiguredServer.of(settings);
    assertThat(config.repository()).isEqualTo(EXAMPLE.toAbsolutePath().resolveSibling("models"));
    assertThat(config.grpcPort()).isEqualTo(8001);
    assertThat(config.loadAtStart()).containsExactly("abdomen", "liver");
    assertThat(config.drain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.security().limits().rate()).isEqualTo(20);
    assertThat(config.traces().ratio()).isEqualTo(0.1);
    assertThat(config.security().identifies()).isTrue();
  }

  @Test
  void theDocumentedExampleShowsTheDefaults() throws IOException {
    Settings settings = Settings.resolve(Map.of(), Map.of(), Optional.of(EXAMPLE));
    List<Setting> examples =
        List.of(Setting.CLIENT_CALLS, Setting.CLIENT_RATE, Setting.TRACE_RATIO);
    for (Setting setting : Setting.values()) {
      if (setting.standard().isPresent() && !examples.contains(setting)) {
        assertThat(settings.text(setting)).as(setting.key()).isEqualTo(setting.standard());
      }
    }
  }

  @Test
  void theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    Path file = file("repository: here\ngrpc-port: 1\nhttp-port: 1\nmetrics-port: 1\n");
    Settings settings =
        Settings.resolve(
            Map.of(Setting.GRPC_PORT, List.of("3")),
            Map.of("RADNET_GRPC_PORT", "2", "RADNET_HTTP_PORT", "2", "RADNET_MODEL", "a,b"),
            Optional.of(file));
    assertThat(settings.whole(Setting.GRPC_PORT)).isEqualTo(3);
    assertThat(settings.whole(Setting.HTTP_PORT)).isEqualTo(2);
    assertThat(settings.whole(Setting.METRICS_PORT)).isEqualTo(1);
    assertThat(settings.whole(Setting.MAX_QUEUE)).isEqualTo(256);
    assertThat(settings.names(Setting.MODEL)).containsExactly("a", "b");
    assertThat(settings.path(Setting.REPOSITORY)).contains(folder.toAbsolutePath().resolve("here"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          grcp-port: 1           | :2: unknown setting 'grcp-port' (did you mean: grpc-port?)
          grpc-port: many        | :2: grpc-port: many (expected: an integer, 0 to 65535)
          grpc-port: 99999       | :2: grpc-port: 99999 (expected: an integer, 0 to 65535)
          grpc-port: [1, 2]      | :2: grpc-port: not one value (expected: N)
          grpc-port:             | :2: grpc-port has no value
          fp16: yes please       | :2: fp16: yes please (expected: true or false)
          load: sometimes        | :2: load: sometimes (expected: none, poll, explicit)
          trace-ratio: 2         | :2: trace-ratio: 2 (expected: a number, 0.0 to 1.0)
          repository: again      | :2: repository stands here for the second time
          grpc-port: 'open       | YAML:
          """)
  void namesTheLineOfAMistake(String line, String message) {
    assertThatThrownBy(() -> read("repository: models\n" + line + "\n"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("serve.yaml:")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tls-cert: a.pem          | :2: tls-cert: tls-cert and tls-key belong together
          tls-client-ca: a.pem     | :2: tls-client-ca: needs tls-cert
          max-pending: 1           | :2: max-pending: 1 MiB (expected: at least max-scan)
          trace-endpoint: nowhere  | :2: trace-endpoint: nowhere (expected: an address
          host: 0.0.0.0            | :2: host: 0.0.0.0 is reached by other machines
          provider: abacus         | abacus
          """)
  void namesTheLineOfSettingsThatDoNotFitTogether(String line, String message) throws IOException {
    Settings settings = read("repository: models\n" + line + "\n");
    assertThatThrownBy(() -> ConfiguredServer.of(settings))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void listensElsewhereOnlyWithTlsAndIdentities() throws IOException {
    String host = "repository: models\nhost: 0.0.0.0\n";
    String tls = "tls-cert: a\ntls-key: b\n";
    assertThatThrownBy(() -> ConfiguredServer.of(read(host + tls)))
        .hasMessageContaining("missing: tokens or client certificates");
    assertThatThrownBy(() -> ConfiguredServer.of(read(host + "token-file: t\n")))
        .hasMessageContaining("missing: TLS (");
    assertThat(ConfiguredServer.of(read(host + tls + "token-file: t\n")).host())
        .isEqualTo("0.0.0.0");
    assertThat(ConfiguredServer.of(read(host + tls + "tls-client-ca: c\n")).host())
        .isEqualTo("0.0.0.0");
    assertThat(ConfiguredServer.of(read(host + "insecure: true\n")).security().open("0.0.0.0"))
        .isTrue();
  }

  @Test
  void namesTheVariableOfAMistake() {
    assertThatThrownBy(
            () ->
                Settings.resolve(
                    Map.of(), Map.of("RADNET_GRPC_PORT", "tcp://10.0.0.1:8001"), Optional.empty()))
        .hasMessageStartingWith("RADNET_GRPC_PORT: tcp://10.0.0.1:8001 (expected");
  }

  @Test
  void takesAnEmptyFile() throws IOException {
    assertThat(read("# nothing\n").has(Setting.REPOSITORY)).isFalse();
  }
}
