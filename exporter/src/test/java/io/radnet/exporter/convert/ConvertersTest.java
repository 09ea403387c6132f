package io.radnet.exporter.convert;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import io.radnet.exporter.graph.FoldBatchNormalization;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertersTest {
  private static Conv3d convolution(int filters, int kernel, int stride) {
    return Conv3d.builder()
        .setKernelShape(new Shape(kernel, kernel, kernel))
        .optPadding(new Shape(kernel / 2, kernel / 2, kernel / 2))
        .optStride(new Shape(1, stride, stride))
        .setFilters(filters)
        .build();
  }

  /** Normalisation before and after a convolution, so that one folds and one does not. */
  private static SequentialBlock network() {
    return new SequentialBlock()
        .add(BatchNorm.builder().optEpsilon(0.01f).build())
        .add(convolution(3, 3, 2))
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().build())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(5).build());
  }

  /** Sets running statistics and scales to something that a wrong formula would get wrong. */
  private static void disturb(Block block, NDManager manager) {
    for (var parameter : block.getParameters()) {
      NDArray array = parameter.getValue().getArray();
      if (parameter.getKey().contains("running") || parameter.getKey().contains("gamma")) {
        NDArray values = manager.randomUniform(0.2f, 1.7f, array.getShape());
        values.copyTo(array);
      }
      if (parameter.getKey().contains("beta")) {
        manager.randomUniform(-1, 1, array.getShape()).copyTo(array);
      }
    }
  }

  @Test
  void aTreeOfDjlBlocksComputesTheSameInOnnxRuntime(@TempDir Path folder) throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      manager.getEngine().setRandomSeed(5);
      SequentialBlock block = network();
      block.initialize(manager, ai.djl.ndarray.types.DataType.FLOAT32, new Shape(1, 2, 4, 6, 6));
      disturb(block, manager);
      NDArray input = manager.randomNormal(new Shape(3, 2, 4, 6, 6));
      float[] expected =
          block
              .forward(new ParameterStore(manager, false), new NDList(input), false)
              .singletonOrThrow()
              .toFloatArray();

      GraphBuilder builder = new GraphBuilder();
      Value x =
          builder.input(
              "x",
              DataType.FLOAT,
              List.of(
                  GraphBuilder.dimension("batch"),
                  GraphBuilder.dimension(2),
                  GraphBuilder.dimension(4),
                  GraphBuilder.dimension(6),
                  GraphBuilder.dimension(6)));
      Value y = Converters.standard().convert(block, List.of(x), builder).get(0);
      builder.output(
          "y",
          y,
          DataType.FLOAT,
          List.of(GraphBuilder.dimension("batch"), GraphBuilder.dimension(5)));
      Graph graph = builder.build();
      Graph folded = new FoldBatchNormalization().apply(graph);
      assertThat(graph.nodes())
          .extracting(NodeProto::getOpType)
          .containsExactly(
              "BatchNormalization", "Conv", "BatchNormalization", "Relu", "Flatten", "Gemm");
      assertThat(folded.nodes())
          .extracting(NodeProto::getOpType)
          .containsExactly("Mul", "Add", "Conv", "Relu", "Flatten", "Gemm");
      for (Graph each : List.of(graph, folded)) {
        Path file = folder.resolve("network.onnx");
        OnnxFile.write(file, each, "network", 17, Map.of());
        try (OnnxSession session = OnnxSession.open(file)) {
          float[] actual =
              requireNonNull(
                  session.run("x", FloatBuffer.wrap(input.toFloatArray()), 3, 2, 4, 6, 6).get("y"));
          assertThat(actual).hasSize(15);
          for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
          }
        }
      }
    }
  }

  @Test
  void anUnknownBlockIsNamedByItsPathInTheTree() {
    SequentialBlock inner = new SequentialBlock().add(Activation.preluBlock());
    SequentialBlock tree = new SequentialBlock().add(inner);
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", DataType.FLOAT, List.of(GraphBuilder.dimension(1)));
    assertThatThrownBy(() -> Converters.standard().convert(tree, List.of(x), builder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("01SequentialBlock/01Prelu")
        .hasMessageContaining("ai.djl.nn.core.Prelu")
        .hasMessageContaining("BlockConverter");
  }

  @Test
  void aFunctionWithoutADeclaredMeaningIsRefused() {
    SequentialBlock tree = new SequentialBlock().add(new LambdaBlock(list -> list));
    GraphBuilder builder = new GraphBuilder();
    Value x = builder.input("x", DataType.FLOAT, List.of(GraphBuilder.dimension(1)));
    assertThatThrownBy(() -> Converters.standard().convert(tree, List.of(x), builder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("anonymous");
  }
}
