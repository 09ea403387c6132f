package io.radnet.exporter;

import static io.radnet.exporter.graph.GraphBuilder.dimension;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.exporter.runtime.OnnxSession.Input;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Intensity;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.StringStringEntryProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientStagesTest {
  private static final Intensity WINDOW = new Intensity(Intensity.Kind.WINDOW, -160, 240);
  private static final Intensity PERCENTILE = new Intensity(Intensity.Kind.PERCENTILE, 0.5, 99.5);

  @Test
  void aWindowOfHounsfieldUnitsBecomesZeroToOne(@TempDir Path folder) throws IOException {
    ShortBuffer volume = ShortBuffer.wrap(new short[] {-1024, -160, 40, 140, 240, 3000});
    float[] scaled =
        run(
            ClientStages.withRawInput(passThrough(), WINDOW),
            folder,
            new Input("volume", volume, 1, 1, 1, 2, 3));
    assertThat(scaled).containsExactly(new float[] {0, 0, 0.5f, 0.75f, 1, 1}, within(1e-6f));
  }

  @Test
  void percentilesComeWithEachSampleOfABatch(@TempDir Path folder) throws IOException {
    ShortBuffer volume =
        ShortBuffer.wrap(new short[] {0, 50, 100, 10, 20, 30, 7, 7, 7, 7, 7, 7}, 0, 12);
    float[] scaled =
        run(
            ClientStages.withRawInput(passThrough(), PERCENTILE),
            folder,
            new Input("volume", volume, 2, 1, 1, 2, 3),
            new Input("range", FloatBuffer.wrap(new float[] {10, 30, 7, 7}), 2, 2));
    // The second sample has one value only, and so no range.
    assertThat(scaled)
        .containsExactly(new float[] {0, 1, 1, 0, 0.5f, 1, 0, 0, 0, 0, 0, 0}, within(1e-6f));
  }

  @Test
  void aSegmentationModelTakesHounsfieldUnitsAndAnswersWithAMask(@TempDir Path folder)
      throws IOException {
    ExportReport report = export(folder, Recipe.Task.SEGMENTATION, WINDOW);
    ModelProto model = OnnxFile.read(report.file());
    assertThat(model.getGraph().getInputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("volume");
    assertThat(model.getGraph().getOutputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("logits", "mask");
    assertThat(metadata(model))
        .containsEntry("radnet.input", "stored values")
        .containsEntry("radnet.outputs", "logits and decoded");
    assertThat(report.outputs())
        .filteredOn(output -> output.name().equals("mask"))
        .isNotEmpty()
        .allSatisfy(mask -> assertThat(mask.maxAbsolute()).isZero());
    assertThat(folder.resolve("models/network/config.pbtxt"))
        .content()
        .contains("{ name: \"volume\" data_type: TYPE_INT16 dims: [ 1, 16, 48, 48 ] }")
        .contains("{ name: \"mask\" data_type: TYPE_UINT8 dims: [ 16, 48, 48 ] }")
        .contains("value: \"preprocess/float:4x1x16x48x48\"");
    assertThat(report.file().resolveSibling("readiness.json"))
        .content()
        .contains("reads element type INT16");
  }

  @Test
  void aLabelsModelTakesTheRangeOfAScanAndAnswersWithProbabilities(@TempDir Path folder)
      throws IOException {
    ExportReport report = export(folder, Recipe.Task.LABELS, PERCENTILE);
    ModelProto model = OnnxFile.read(report.file());
    assertThat(model.getGraph().getInputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly("volume", "range");
    assertThat(model.getGraph().getOutputList())
        .extracting(ValueInfoProto::getName)
        .contains("view", "view_probabilities", "regions_probabilities", "spacing")
        .doesNotContain("spacing_probabilities");
    assertThat(report.outputs())
        .extracting(OutputParity::source)
        .contains("random", "batch of 2", "random (own)");
    assertThat(report.worstRelative()).isLessThan(1e-4);
    assertThat(folder.resolve("models/network/config.pbtxt"))
        .content()
        .contains("value: \"preprocess/float:4x1x16x48x48,range:4x2\"")
        .contains(
            "inputs { key: \"range\" value { data_type: TYPE_FP32 dims: [ 2 ] zero_data: true } }");
  }

  /**
   * A client that sends Hounsfield units to the one model gets the labels that a client gets who
   * maps the window, asks the other model and takes the largest logit itself.
   */
  @Test
  void hounsfieldUnitsInAndLabelsOutAreWhatTheLongWayGives(@TempDir Path folder)
      throws IOException {
    Path checkpoint =
        Checkpoints.write(
            Checkpoints.withIntensity(Checkpoints.tiny(Recipe.Task.SEGMENTATION), WINDOW),
            folder.resolve("c"));
    ExportOptions plain = Checkpoints.quick(checkpoint, folder.resolve("models"), "plain");
    Path bare = Exporter.export(plain).file();
    Path whole =
        Exporter.export(
                Checkpoints.quick(checkpoint, folder.resolve("models"), "whole")
                    .withClientStages(true, true))
            .file();
    int voxels = 16 * 48 * 48;
    short[] hounsfield = new short[2 * voxels];
    float[] scaled = new float[2 * voxels];
    java.util.Random random = new java.util.Random(3);
    for (int i = 0; i < hounsfield.length; i++) {
      hounsfield[i] = (short) (random.nextInt(4096) - 1024);
      scaled[i] =
          (float) Math.min(1, Math.max(0, (hounsfield[i] - WINDOW.lower()) / (240.0 + 160.0)));
    }
    float[] logits;
    try (OnnxSession session = OnnxSession.open(bare)) {
      logits =
          requireNonNull(
              session.run("volume", FloatBuffer.wrap(scaled), 2, 1, 16, 48, 48).get("logits"));
    }
    float[] mask;
    try (OnnxSession session = OnnxSession.open(whole)) {
      mask =
          requireNonNull(
              session
                  .run(List.of(new Input("volume", ShortBuffer.wrap(hounsfield), 2, 1, 16, 48, 48)))
                  .get("mask"));
    }
    int foreground = 0;
    int compared = 0;
    for (int sample = 0; sample < 2; sample++) {
      for (int voxel = 0; voxel < voxels; voxel++) {
        float background = logits[2 * sample * voxels + voxel];
        float label = logits[(2 * sample + 1) * voxels + voxel];
        if (Math.abs(label - background) < 1e-4f) {
          continue; // equal to rounding: either may win
        }
        compared++;
        foreground += label > background ? 1 : 0;
        assertThat(mask[sample * voxels + voxel]).isEqualTo(label > background ? 1 : 0);
      }
    }
    assertThat(compared).isGreaterThan(2 * voxels * 99 / 100);
    assertThat(foreground).isBetween(1, compared - 1);
  }

  private static ExportReport export(Path folder, Recipe.Task task, Intensity intensity)
      throws IOException {
    Path checkpoint =
        Checkpoints.write(
            Checkpoints.withIntensity(Checkpoints.tiny(task), intensity), folder.resolve("c"));
    return Exporter.export(
        Checkpoints.quick(checkpoint, folder.resolve("models"), "network")
            .withClientStages(true, true));
  }

  private static Map<String, String> metadata(ModelProto model) {
    return model.getMetadataPropsList().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                StringStringEntryProto::getKey, StringStringEntryProto::getValue));
  }

  /** A network that answers with its input. */
  private static Graph passThrough() {
    GraphBuilder builder = new GraphBuilder();
    var shape = List.of(dimension("batch"), dimension(1), dimension(1), dimension(2), dimension(3));
    Value x = builder.input("volume", DataType.FLOAT, shape);
    builder.output("y", builder.add("Identity", "same", List.of(x)), DataType.FLOAT, shape);
    return builder.build();
  }

  private static float[] run(Graph graph, Path folder, Input... inputs) throws IOException {
    Path file = folder.resolve("graph.onnx");
    OnnxFile.write(file, graph, "graph", 17, Map.of());
    try (OnnxSession session = OnnxSession.open(file)) {
      return requireNonNull(session.run(List.of(inputs)).get("y"));
    }
  }
}
