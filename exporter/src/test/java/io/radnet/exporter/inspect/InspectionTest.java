package io.radnet.exporter.inspect;

import static io.radnet.exporter.graph.GraphBuilder.dimension;
import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
  /** The costs of a convolution of known sizes, counted by hand. */
  @Test
  void countsWhatAConvolutionCosts(@TempDir Path folder) throws IOException {
    GraphBuilder builder = new GraphBuilder();
    Value x =
        builder.input(
            "x",
            DataType.FLOAT,
            List.of(
                dimension("batch"), dimension(2), dimension("depth"), dimension(6), dimension(8)));
    Value weight = builder.constant("w", Tensor.floats(new float[4 * 2 * 27], 4, 2, 3, 3, 3));
    Value bias = builder.constant("b", Tensor.floats(new float[4], 4));
    Value y =
        builder.add(
            "Conv",
            "conv",
            List.of(x, weight, bias),
            Attributes.integers("kernel_shape", 3, 3, 3),
            Attributes.integers("strides", 1, 2, 2),
            Attributes.integers("pads", 1, 1, 1, 1, 1, 1));
    Value mystery = builder.add("Mystery", "mystery", List.of(y));
    builder.output("y", mystery, DataType.FLOAT, List.of(dimension("batch")));
    Path file = folder.resolve("model.onnx");
    OnnxFile.write(
        file,
        builder.build(),
        "model",
        17,
        Map.of("radnet.recipe", "{\"grid\":[10,6,8]}", "radnet.producer", "test"));

    Inspection inspection = Inspection.of(file);
    Layer convolution = inspection.layers().get(0);
    assertThat(convolution.output()).isEqualTo("1x4x10x3x4");
    assertThat(convolution.kernel()).isEqualTo("3x3x3");
    assertThat(convolution.parameters()).isEqualTo(4 * 2 * 27 + 4);
    assertThat(convolution.flops()).isEqualTo(480 * (2 * 54 + 1));
    assertThat(convolution.outputBytes()).isEqualTo(480 * 4);
    assertThat(inspection.peakActivationBytes()).isEqualTo(4 * (2 * 10 * 6 * 8 + 480));
    assertThat(inspection.layers().get(1).output()).isNull();
    assertThat(inspection.inputs()).containsEntry("x", "batchx2xdepthx6x8");
    assertThat(inspection.metadata()).containsExactly(Map.entry("radnet.producer", "test"));
    assertThat(inspection.recipe()).isNotNull();
    assertThat(GraphPicture.svg(inspection))
        .startsWith("<svg")
        .contains("Conv 3x3x3")
        .contains("1x4x10x3x4")
        .endsWith("</svg>\n");
    TensorRtReadiness readiness =
        TensorRtReadiness.of(OnnxFile.read(file).getGraph(), 17, Map.of(), Map.of(), false);
    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.fallbacks())
        .extracting(TensorRtReadiness.Fallback::operator)
        .containsExactly("Mystery");
  }

  @Test
  void aLayerBelongsToTheBlockOfItsPath() {
    assertThat(GraphLayout.block("encoder/stage1.unit2/conv1")).isEqualTo("encoder/stage1.unit2");
    assertThat(GraphLayout.block("encoder/stage1.unit2/norm1/scaled"))
        .isEqualTo("encoder/stage1.unit2");
    assertThat(GraphLayout.block("encoder/pool2")).isEqualTo("encoder/pool2");
    assertThat(GraphLayout.block("norm/scaled")).isEqualTo("network");
    assertThat(GraphLayout.block("heads.view")).isEqualTo("heads");
    assertThat(GraphLayout.block("decoder/level3.concat")).isEqualTo("decoder/level3.join");
    assertThat(GraphLayout.block("decoder/last.conv/phase010")).isEqualTo("decoder/last");
    assertThat(GraphLayout.block("postprocess/class")).isEqualTo("postprocess");
  }

  @Test
  void aLayerIsCalledAsInItsBlock() {
    assertThat(GraphLayout.shortName("encoder/stage1.unit2/norm1/scaled"))
        .isEqualTo("norm1/scaled");
    assertThat(GraphLayout.shortName("encoder/stem")).isEqualTo("stem");
    assertThat(GraphLayout.shortName("heads.view")).isEqualTo("view");
    assertThat(GraphLayout.shortName("embedding.relu")).isEqualTo("embedding.relu");
    assertThat(GraphLayout.shortName("decoder/level3.concat")).isEqualTo("level3.concat");
  }
}
