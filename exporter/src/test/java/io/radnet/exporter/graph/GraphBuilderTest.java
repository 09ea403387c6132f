package io.radnet.exporter.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphBuilderTest {
  /** relu(2 x) + 2, with the constant 2 given twice. */
  private static GraphBuilder small() {
    GraphBuilder builder = new GraphBuilder();
    var shape = List.of(GraphBuilder.dimension("batch"), GraphBuilder.dimension(3));
    Value x = builder.input("x", DataType.FLOAT, shape);
    Value two = builder.constant("factor", Tensor.floats(new float[] {2}, 1));
    Value again = builder.constant("term", Tensor.floats(new float[] {2}, 1));
    Value doubled = builder.add("Mul", "step", List.of(x, two));
    Value positive = builder.add("Relu", "step", List.of(doubled));
    builder.output(
        "y", builder.add("Add", "step", List.of(positive, again)), DataType.FLOAT, shape);
    return builder;
  }

  @Test
  void aGraphBuiltByHandComputesInOnnxRuntime(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("small.onnx");
    OnnxFile.write(file, small().build(), "small", 17, Map.of("key", "value"));
    try (OnnxSession session = OnnxSession.open(file)) {
      float[] y =
          requireNonNull(
              session.run("x", FloatBuffer.wrap(new float[] {-1, 0, 1, 2, 3, -4}), 2, 3).get("y"));
      assertThat(y).containsExactly(2, 2, 4, 6, 8, 2);
    }
    ModelProto model = OnnxFile.read(file);
    assertThat(model.getIrVersion()).isEqualTo(8);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(model.getMetadataProps(0).getValue()).isEqualTo("value");
  }

  @Test
  void equalConstantsAreStoredOnceAndNamesAreUnique() {
    Graph graph = small().build();
    assertThat(graph.constants()).hasSize(1);
    assertThat(graph.nodes()).extracting("name").doesNotHaveDuplicates();
  }

  @Test
  void anInputThatIsAlsoAnOutputGoesThroughAnIdentity(@TempDir Path folder) throws IOException {
    GraphBuilder builder = new GraphBuilder();
    var shape = List.of(GraphBuilder.dimension(2));
    Value x = builder.input("x", DataType.FLOAT, shape);
    builder.output("same", x, DataType.FLOAT, shape);
    Path file = folder.resolve("identity.onnx");
    OnnxFile.write(file, builder.build(), "identity", 17, Map.of());
    try (OnnxSession session = OnnxSession.open(file)) {
      assertThat(
              requireNonNull(session.run("x", FloatBuffer.wrap(new float[] {5, 6}), 2).get("same")))
          .containsExactly(5, 6);
    }
  }

  @Test
  void largeConstantsGoIntoASecondFile(@TempDir Path folder) throws IOException {
    GraphBuilder builder = new GraphBuilder();
    var shape = List.of(GraphBuilder.dimension(1000));
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Value x = builder.input("x", DataType.FLOAT, shape);
    Value a = builder.constant("a", Tensor.floats(values, 1000));
    values[0] = 7;
    Value b = builder.constant("b", Tensor.floats(values, 1000));
    Value sum = builder.add("Add", "sum", List.of(x, a));
    builder.output("y", builder.add("Add", "sum", List.of(sum, b)), DataType.FLOAT, shape);
    Path file = folder.resolve("large.onnx");
    OnnxFile.write(file, builder.build(), "large", 17, Map.of(), 100);

    assertThat(Files.size(folder.resolve("large.onnx.data"))).isEqualTo(4096 + 4000);
    assertThat(OnnxFile.read(file).getGraph().getInitializerList())
        .allMatch(t -> t.getDataLocation() == TensorProto.DataLocation.EXTERNAL);
    try (OnnxSession session = OnnxSession.open(file)) {
      float[] y = requireNonNull(session.run("x", FloatBuffer.allocate(1000), 1000).get("y"));
      assertThat(y[0]).isEqualTo(7);
      assertThat(y[999]).isEqualTo(1998);
    }
  }

  @Test
  void aTruncatedFileIsRefusedByName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("small.onnx");
    OnnxFile.write(file, small().build(), "small", 17, Map.of());
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 10));
    assertThatThrownBy(() -> OnnxFile.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("small.onnx")
        .hasMessageContaining("truncated");
  }
}
