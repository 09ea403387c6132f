package io.radnet.exporter.precision;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.exporter.Checkpoints;
import io.radnet.exporter.ExportReport;
import io.radnet.exporter.Exporter;
import io.radnet.exporter.Precision;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionTest {
  @Test
  void halfPrecisionHalvesTheConvolutionsAndKeepsTheHeadsSingle(@TempDir Path folder)
      throws IOException {
    ExportReport report = export(folder, Recipe.Task.LABELS, Precision.FP16);
    assertThat(report.worstRelative()).isBetween(1e-5, Precision.FP16.defaultTolerance());
    assertThat(report.onnxRuntimeFp32()).isNotNull();
    assertThat(folder.resolve("models/network/1")).isDirectoryNotContaining("glob:**single*");
    GraphProto graph = OnnxFile.read(report.file()).getGraph();
    Map<String, TensorProto> constants = constants(graph);
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Conv") || node.getOpType().equals("Gemm")) {
        DataType expected = node.getOpType().equals("Conv") ? DataType.FLOAT16 : DataType.FLOAT;
        assertThat(constants.get(node.getInput(1)))
            .isNotNull()
            .extracting(TensorProto::getDataType)
            .isEqualTo(expected.getNumber());
      }
    }
    assertThat(graph.getInput(0).getType().getTensorType().getElemType())
        .isEqualTo(DataType.FLOAT.getNumber());
    assertThat(graph.getOutputList())
        .allMatch(output -> output.getType().getTensorType().getElemType() == 1);
  }

  @Test
  void halfPrecisionKeepsTheFactorsOfAResizeSingle(@TempDir Path folder) throws IOException {
    ExportReport report = export(folder, Recipe.Task.SEGMENTATION, Precision.FP16);
    GraphProto graph = OnnxFile.read(report.file()).getGraph();
    Map<String, TensorProto> constants = constants(graph);
    List<NodeProto> resizes =
        graph.getNodeList().stream().filter(n -> n.getOpType().equals("Resize")).toList();
    assertThat(resizes)
        .isNotEmpty()
        .allSatisfy(
            node ->
                assertThat(constants.get(node.getInput(2)))
                    .isNotNull()
                    .extracting(TensorProto::getDataType)
                    .isEqualTo(DataType.FLOAT.getNumber()));
  }

  @Test
  void eightBitsAreSymmetricWithOneScalePerFilter(@TempDir Path folder) throws IOException {
    ExportReport report = export(folder, Recipe.Task.LABELS, Precision.INT8);
    assertThat(report.worstRelative()).isBetween(1e-4, Precision.INT8.defaultTolerance());
    assertThat(report.notes()).anyMatch(note -> note.startsWith("calibrated on 4 synthetic"));
    GraphProto graph = OnnxFile.read(report.file()).getGraph();
    Map<String, TensorProto> constants = constants(graph);
    long convolutions =
        graph.getNodeList().stream().filter(n -> n.getOpType().equals("Conv")).count();
    List<NodeProto> weights =
        graph.getNodeList().stream()
            .filter(n -> n.getOpType().equals("DequantizeLinear"))
            .filter(n -> n.getInput(0).endsWith("/weight8"))
            .toList();
    assertThat(weights).hasSize((int) convolutions);
    for (NodeProto node : weights) {
      TensorProto weight = requireNonNull(constants.get(node.getInput(0)));
      TensorProto scale = requireNonNull(constants.get(node.getInput(1)));
      TensorProto zero = requireNonNull(constants.get(node.getInput(2)));
      assertThat(scale.getDims(0)).isEqualTo(weight.getDims(0));
      assertThat(zero.getRawData().toByteArray()).containsOnly(0);
    }
  }

  @Test
  void entropyCalibratesAsWell(@TempDir Path folder) throws IOException {
    Path checkpoint =
        Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("checkpoint"));
    ExportReport report =
        Exporter.export(
            Checkpoints.quick(checkpoint, folder.resolve("models"), "network")
                .withPrecision(Precision.INT8, Optional.empty())
                .withCalibration(Calibration.Method.ENTROPY));
    assertThat(report.worstRelative()).isBetween(1e-4, Precision.INT8.defaultTolerance());
    assertThat(report.notes()).contains("8-bit ranges: least Kullback-Leibler divergence");
  }

  private static ExportReport export(Path folder, Recipe.Task task, Precision precision)
      throws IOException {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(task), folder.resolve("checkpoint"));
    return Exporter.export(
        Checkpoints.quick(checkpoint, folder.resolve("models"), "network")
            .withPrecision(precision, Optional.empty()));
  }

  private static Map<String, TensorProto> constants(GraphProto graph) {
    return graph.getInitializerList().stream()
        .collect(Collectors.toMap(TensorProto::getName, Function.identity()));
  }
}
