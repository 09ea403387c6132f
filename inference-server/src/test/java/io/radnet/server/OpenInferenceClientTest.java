package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.server.model.LoadControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All calls of the Open Inference Protocol from a client that is not ours. */
final class OpenInferenceClientTest {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir private Path models;

  private record Outcome(int exit, String text) {}

  private static Outcome run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Outcome(process.exitValue(), text.strip());
  }

  @Test
  void aClientInPythonFindsTheProtocol() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of(PYTHON))
            && run(PYTHON, "-c", "import grpc, grpc_tools").exit() == 0,
        "Debian's python3-grpcio and python3-grpc-tools are absent: no check by another client");
    TestModels.sum(models, "sum");
    ServerConfig config =
        ServerConfig.of(models)
            .withDrain(Duration.ZERO)
            .withLoadControl(LoadControl.EXPLICIT, List.of());
    try (RadNetServer server = RadNetServer.start(config)) {
      Outcome outcome =
          run(
              PYTHON,
              "src/test/scripts/open_inference_client.py",
              Integer.toString(server.grpcPort()),
              Integer.toString(server.httpPort()),
              "../proto/src/main/proto");
      assertThat(outcome.text()).isEqualTo("as the protocol says");
      assertThat(outcome.exit()).isZero();
    }
  }
}
