package io.radnet.benchmarks.convolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One 3D convolution of the published network, batch 1, float32, on ONNX Runtime and on PyTorch
 * through DJL, all cores each. Floating-point operations of a call: {@link #operations}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Convolution {
  /**
   * Input and kernel: channels in, channels out, kernel depth x height x width, stride of height
   * and width, input depth x height x width. The stem, a 3x3x3 of the first and of the third stage,
   * and a projection.
   */
  @Param({
    "1,64,3x7x7,2,48x192x192",
    "64,64,3x3x3,1,24x48x48",
    "256,256,3x3x3,1,6x12x12",
    "64,256,1x1x1,1,24x48x48"
  })
  @Quick("256,256,3x3x3,1,6x12x12")
  public String layer = "64,64,3x3x3,1,24x48x48";

  private @Nullable OnnxSession session;
  private @Nullable NDManager manager;
  private @Nullable Conv3d block;
  private @Nullable NDArray input;
  private FloatBuffer buffer = FloatBuffer.allocate(0);
  private long[] shape = {};
  private @Nullable Path file;

  /** A parsed layer. */
  record Layer(int in, int out, int[] kernel, int stride, int[] size) {
    static Layer parse(String text) {
      String[] parts = text.split(",");
      return new Layer(
          Integer.parseInt(parts[0]),
          Integer.parseInt(parts[1]),
          sides(parts[2]),
          Integer.parseInt(parts[3]),
          sides(parts[4]));
    }

    private static int[] sides(String text) {
      return java.util.Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray();
    }

    int weights() {
      return in * out * kernel[0] * kernel[1] * kernel[2];
    }
  }

  /** Multiplications and additions of one call. */
  public static long operations(String layer) {
    Layer l = Layer.parse(layer);
    return 2L * l.weights() * l.size[0] * (l.size[1] / l.stride) * (l.size[2] / l.stride);
  }

  /** Builds the same layer for both runtimes. */
  @Setup(Level.Trial)
  public void prepare() throws IOException {
    Layer l = Layer.parse(layer);
    SplittableRandom random = new SplittableRandom(1);
    float[] weights = floats(random, l.weights());
    float[] values = floats(random, l.in * l.size[0] * l.size[1] * l.size[2]);
    shape = new long[] {1, l.in, l.size[0], l.size[1], l.size[2]};
    buffer = OnnxSession.directBuffer(values.length).put(values).rewind();
    Path model = Files.createTempFile("convolution", ".onnx");
    file = model;
    session = onnx(l, weights, model);
    NDManager nd = NDManager.newBaseManager("PyTorch");
    manager = nd;
    block = torch(l, weights, nd);
    input = nd.create(values, new Shape(shape));
  }

  private static float[] floats(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static OnnxSession onnx(Layer l, float[] weights, Path model) throws IOException {
    GraphBuilder graph = new GraphBuilder();
    var free =
        List.of(
            GraphBuilder.dimension("n"),
            GraphBuilder.dimension("c"),
            GraphBuilder.dimension("d"),
            GraphBuilder.dimension("h"),
            GraphBuilder.dimension("w"));
    Value x = graph.input("x", DataType.FLOAT, free);
    Value w =
        graph.constant(
            "w", Tensor.floats(weights, l.out, l.in, l.kernel[0], l.kernel[1], l.kernel[2]));
    long[] pad = {l.kernel[0] / 2, l.kernel[1] / 2, l.kernel[2] / 2};
    Value y =
        graph.add(
            "Conv",
            "convolution",
            List.of(x, w),
            Attributes.integers("kernel_shape", l.kernel[0], l.kernel[1], l.kernel[2]),
            Attributes.integers("strides", 1, l.stride, l.stride),
            Attributes.integers("pads", pad[0], pad[1], pad[2], pad[0], pad[1], pad[2]));
    graph.output("y", y, DataType.FLOAT, free);
    OnnxFile.write(model, graph.build(), "convolution", 17, Map.of());
    return OnnxSession.open(model);
  }

  private static Conv3d torch(Layer l, float[] weights, NDManager manager) {
    Conv3d block =
        Conv3d.builder()
            .setKernelShape(new Shape(l.kernel[0], l.kernel[1], l.kernel[2]))
            .optStride(new Shape(1, l.stride, l.stride))
            .optPadding(new Shape(l.kernel[0] / 2, l.kernel[1] / 2, l.kernel[2] / 2))
            .setFilters(l.out)
            .optBias(false)
            .build();
    block.initialize(
        manager,
        ai.djl.ndarray.types.DataType.FLOAT32,
        new Shape(1, l.in, l.size[0], l.size[1], l.size[2]));
    block.getParameters().get("weight").getArray().set(weights);
    return block;
  }

  /** ONNX Runtime's CPU provider. */
  @Benchmark
  public void onnxRuntime() {
    java.util.Objects.requireNonNull(session).runOnly("x", buffer, shape);
  }

  /** PyTorch through DJL. */
  @Benchmark
  public float pyTorch() {
    try (NDManager scope = java.util.Objects.requireNonNull(manager).newSubManager()) {
      NDArray x = java.util.Objects.requireNonNull(input).duplicate();
      x.attach(scope);
      NDList y =
          java.util.Objects.requireNonNull(block)
              .forward(new ai.djl.training.ParameterStore(scope, false), new NDList(x), false);
      y.attach(scope);
      return y.singletonOrThrow().getShape().size();
    }
  }

  /** Frees native memory and the model file. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    if (session != null) {
      session.close();
    }
    if (manager != null) {
      manager.close();
    }
    if (file != null) {
      Files.delete(file);
    }
  }
}
