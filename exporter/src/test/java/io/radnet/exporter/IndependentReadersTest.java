package io.radnet.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.TextFormat;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.inference.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void theOnnxCheckerTakesEveryPrecision() throws Exception {
    Path script = Path.of(System.getProperty("radnet.shared", ""), "peers/onnx_check.py");
    Assumptions.assumeTrue(
        Files.isRegularFile(script), script + " is absent: no check by onnx itself");
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3"))
            && run("/usr/bin/python3", "-c", "import onnx").exit() == 0,
        "Debian's python3-onnx is absent: no check by onnx itself");
    for (Precision precision : Precision.values()) {
      for (boolean dynamic : precision == Precision.FP32 ? List.of(false, true) : List.of(false)) {
        ExportReport report = export("checked-" + precision + "-" + dynamic, precision, dynamic);
        Outcome outcome = run("/usr/bin/python3", script.toString(), report.file().toString());
        assertThat(outcome.exit()).as("%s %s: %s", precision, dynamic, outcome.text()).isZero();
        assertThat(outcome.text())
            .contains("'volume'")
            .contains("'logits'")
            .contains("radnet.recipe");
      }
    }
  }

  /**
   * A second runtime, from npm: {@code npm install onnxruntime-node} in any folder, and the system
   * property {@code radnet.node.modules} or the variable {@code NODE_PATH} names its node_modules.
   */
  @Test
  void onnxruntimeNodeGivesTheSameAnswer() throws Exception {
    String modules =
        Optional.ofNullable(System.getProperty("radnet.node.modules"))
            .or(() -> Optional.ofNullable(System.getenv("NODE_PATH")))
            .orElse("");
    Assumptions.assumeTrue(
        Files.isDirectory(Path.of(modules, "onnxruntime-node")),
        "onnxruntime-node is absent (npm install onnxruntime-node, then NODE_PATH=.../node_modules)");
    Path file = export("node", Precision.FP32, false).file();
    Path script = Path.of("src/test/resources/run_model.js").toAbsolutePath();
    Outcome outcome = run("node", script.toString(), modules, file.toString());
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

  @Test
  void theConfigurationIsTritons() throws Exception {
    ExportReport report = export("configured", Precision.FP32, false);
    Path file = report.file().resolve("../../config.pbtxt").normalize();
    ModelConfig config = TextFormat.parse(Files.readString(file), ModelConfig.class);
    assertThat(config.getName()).isEqualTo("configured");
    assertThat(config.getPlatform()).isEqualTo("onnxruntime_onnx");
    assertThat(config.getInput(0).getDimsList()).containsExactly(1L, 16L, 48L, 48L);
    assertThat(config.getOutput(0).getDimsList()).containsExactly(2L, 16L, 48L, 48L);
    assertThat(config.getModelWarmup(0).getInputsOrThrow("volume").getZeroData()).isTrue();
    assertThat(config.getOptimization().getExecutionAccelerators().getGpuExecutionAcceleratorList())
        .extracting(accelerator -> accelerator.getName())
        .containsExactly("tensorrt", "cuda");
    assertThat(config.getDynamicBatching().getPreferredBatchSize(0)).isEqualTo(4);
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
