package io.radnet.exporter.optimise;

import static io.radnet.exporter.graph.GraphBuilder.dimension;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpsamplingTest {
  private static final int CHANNELS = 3;
  private static final int[] SIZE = {3, 4, 5};

  private final Random random = new Random(7);

  @ParameterizedTest
  @CsvSource({"2,2,2,3", "1,2,2,3", "2,1,1,3", "1,1,3,3", "2,2,2,5", "3,2,1,1"})
  void bothRewritesComputeTheSame(int d, int h, int w, int kernel, @TempDir Path folder)
      throws IOException {
    Graph plain = network(new int[] {d, h, w}, kernel, false);
    Graph convolved = new UpsampledConvolution().apply(plain);
    assertThat(operators(convolved)).doesNotContain("Resize").contains("Transpose");
    assertSame(plain, convolved, folder);
    Graph planes = new PlaneUpsampling().apply(plain);
    assertThat(operators(planes)).contains("Reshape");
    assertSame(plain, planes, folder);
  }

  @Test
  void valuesThatOthersReadStayAsTheyAre(@TempDir Path folder) throws IOException {
    Graph plain = network(new int[] {2, 2, 2}, 3, true);
    Graph same = new UpsampledConvolution().apply(plain);
    assertThat(operators(same)).containsExactlyElementsOf(operators(plain));
    UnaryOperator<Graph> planes = new PlaneUpsampling();
    assertSame(plain, planes.apply(plain), folder);
  }

  /** Resize, convolution with bias, ReLU, 1x1x1 to two channels, as a decoder ends. */
  private Graph network(int[] factors, int kernel, boolean withUpsampledOutput) {
    GraphBuilder builder = new GraphBuilder();
    Value x =
        builder.input(
            "x",
            DataType.FLOAT,
            List.of(
                dimension("batch"),
                dimension(CHANNELS),
                dimension(SIZE[0]),
                dimension(SIZE[1]),
                dimension(SIZE[2])));
    float[] scales = {1, 1, factors[0], factors[1], factors[2]};
    Value up =
        builder.add(
            "Resize",
            "up",
            List.of(x, new Value(""), builder.constant("scales", Tensor.floats(scales, 5))),
            Attributes.text("mode", "nearest"),
            Attributes.text("coordinate_transformation_mode", "asymmetric"),
            Attributes.text("nearest_mode", "floor"));
    int half = kernel / 2;
    Value y =
        builder.add(
            "Conv",
            "conv",
            List.of(
                up,
                builder.constant("w", weights(4, CHANNELS, kernel, kernel, kernel)),
                builder.constant("b", weights(4))),
            Attributes.integers("kernel_shape", kernel, kernel, kernel),
            Attributes.integers("pads", half, half, half, half, half, half));
    y = builder.add("Relu", "relu", List.of(y));
    y = builder.add("Conv", "classes", List.of(y, builder.constant("c", weights(2, 4, 1, 1, 1))));
    builder.output("y", y, DataType.FLOAT, free());
    if (withUpsampledOutput) {
      builder.output("upsampled", up, DataType.FLOAT, free());
    }
    return builder.build();
  }

  private static List<io.radnet.proto.onnx.TensorShapeProto.Dimension> free() {
    return List.of(
        dimension("batch"), dimension("c"), dimension("d"), dimension("h"), dimension("w"));
  }

  private Tensor weights(long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.floats(values, shape);
  }

  private static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(NodeProto::getOpType).toList();
  }

  private void assertSame(Graph one, Graph other, Path folder) throws IOException {
    float[] input = new float[2 * CHANNELS * SIZE[0] * SIZE[1] * SIZE[2]];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) random.nextGaussian();
    }
    float[] expected = run(one, input, folder);
    float[] actual = run(other, input, folder);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(2e-4f));
    }
  }

  private static float[] run(Graph graph, float[] input, Path folder) throws IOException {
    Path file = folder.resolve("graph.onnx");
    OnnxFile.write(file, graph, "graph", 17, Map.of());
    try (OnnxSession session = OnnxSession.open(file)) {
      return requireNonNull(
          session
              .run("x", FloatBuffer.wrap(input), 2, CHANNELS, SIZE[0], SIZE[1], SIZE[2])
              .get("y"));
    }
  }
}
