package io.radnet.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.exporter.repository.TritonRules;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported models before programs that are not ours. */
class IndependentReadersTest {
  @TempDir private static Path folder;
  private static Path checkpoint;

  @BeforeAll
  static void writeCheckpoint() throws IOException {
    checkpoint =
        Checkpoints.write(Checkpoints.tiny(Recipe.Task.SEGMENTATION), folder.resolve("checkpoint"));
  }

  @Test
  void theOnnxCheckerTakesEveryPrecisionAndOption() throws Exception {
    Path script = Path.of(System.getProperty("radnet.shared", ""), "peers/onnx_check.py");
    Assumptions.assumeTrue(
        Files.isRegularFile(script), script + " is absent: no check by onnx itself");
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3"))
            && run("/usr/bin/python3", "-c", "import onnx").exit() == 0,
        "Debian's python3-onnx is absent: no check by onnx itself");
    for (Preset preset : presets()) {
      for (Recipe.Task task : Recipe.Task.values()) {
        Path network = folder.resolve("c-" + preset + task);
        Checkpoint.initial(preset, task, 3).write(Files.createDirectories(network));
        for (Precision precision : Precision.values()) {
          check(script, options(network, precision, true, false));
        }
        check(script, options(network, Precision.FP32, false, false));
        check(script, options(network, Precision.FP32, true, true));
        check(script, options(network, Precision.FP16, false, true));
        check(script, options(network, Precision.FP32, false, false).withLargestFile(10_000));
      }
    }
  }

  /** tiny, and others where the system property radnet.presets names them: small,paper. */
  private static List<Preset> presets() {
    return Arrays.stream(System.getProperty("radnet.presets", "tiny").split(",", -1))
        .map(name -> Preset.valueOf(name.toUpperCase(Locale.ROOT)))
        .toList();
  }

  private static ExportOptions options(
      Path network, Precision precision, boolean clientStages, boolean dynamic) {
    String name = network.getFileName() + "-" + precision + "-" + clientStages + "-" + dynamic;
    return Checkpoints.quick(network, folder.resolve("models"), name)
        .withPrecision(precision, Optional.of(0.5))
        .withClientStages(clientStages, clientStages)
        .withDynamicShape(dynamic);
  }

  private static void check(Path script, ExportOptions options) throws Exception {
    ExportReport report = Exporter.export(options);
    Outcome outcome = run("/usr/bin/python3", script.toString(), report.file().toString());
    assertThat(outcome.exit()).as("%s: %s", options.name(), outcome.text()).isZero();
    assertThat(outcome.text()).contains("'volume'").contains("radnet.recipe");
  }

  /**
   * Second runtimes, from npm: {@code npm install --ignore-scripts onnxruntime-node
   * onnxruntime-web} in any folder, and the system property {@code radnet.node.modules} or the
   * variable {@code NODE_PATH} names its node_modules. The web one is WebAssembly, other code.
   */
  @ParameterizedTest
  @ValueSource(strings = {"onnxruntime-node", "onnxruntime-web"})
  void aRuntimeOfNodeGivesTheSameAnswer(String runtime) throws Exception {
    String modules =
        Optional.ofNullable(System.getProperty("radnet.node.modules"))
            .or(() -> Optional.ofNullable(System.getenv("NODE_PATH")))
            .orElse("");
    Assumptions.assumeTrue(
        Files.isDirectory(Path.of(modules, runtime)),
        runtime
            + " is absent (npm install --ignore-scripts "
            + runtime
            + ", then NODE_PATH=.../node_modules)");
    Path file = export(runtime, Precision.FP32, false).file();
    Path script = Path.of("src/test/resources/run_model.js").toAbsolutePath();
    Outcome outcome = run("node", script.toString(), modules + "/" + runtime, file.toString());
    assertThat(outcome.exit()).as(outcome.text()).isZero();
    JsonNode answer = new ObjectMapper().readTree(outcome.text());
    float[] input = new float[16 * 48 * 48];
    for (int i = 0; i < input.length; i++) {
      input[i] = (i * 7919 % 1000) / 1000f;
    }
    try (var session = io.radnet.exporter.runtime.OnnxSession.open(file)) {
      float[] expected =
          session
              .run("volume", java.nio.FloatBuffer.wrap(input), 1, 1, 16, 48, 48)
              .getOrDefault("logits", new float[0]);
      assertThat(answer.path("dims").toString()).isEqualTo("[1,2,16,48,48]");
      double largest = 0;
      for (int i = 0; i < expected.length; i++) {
        largest =
            Math.max(largest, Math.abs(answer.path("values").get(i).asDouble() - expected[i]));
      }
      assertThat(largest).isLessThan(1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LABELS, FP32, false, false",
    "LABELS, FP16, true, false",
    "LABELS, INT8, false, true",
    "SEGMENTATION, FP32, true, true",
    "SEGMENTATION, INT8, true, false"
  })
  void theConfigurationKeepsTritonsRules(
      Recipe.Task task, Precision precision, boolean clientStages, boolean dynamic)
      throws Exception {
    Path network = folder.resolve("c-triton-" + task);
    Checkpoint.initial(Preset.TINY, task, 3).write(Files.createDirectories(network));
    ExportOptions options = options(network, precision, clientStages, dynamic);
    ExportReport report = Exporter.export(options);
    TritonRules.check(options.repository().resolve(options.name()), report.version());
  }

  private static ExportReport export(String name, Precision precision, boolean dynamic) {
    return Exporter.export(
        Checkpoints.quick(checkpoint, folder.resolve("models"), name)
            .withPrecision(precision, Optional.of(0.5))
            .withDynamicShape(dynamic));
  }

  private record Outcome(int exit, String text) {}

  private static Outcome run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "out", ".txt");
    Process process =
        new ProcessBuilder(Arrays.asList(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command[0] + " did not end within a minute");
    }
    return new Outcome(process.exitValue(), Files.readString(log));
  }
}
