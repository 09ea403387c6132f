package io.radnet.benchmarks.convolution;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OrtException;
import io.radnet.benchmarks.runtime.BareRuntime;
import io.radnet.benchmarks.runtime.DjlRuntime;
import io.radnet.benchmarks.runtime.SessionVariant;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.precision.QuantizedGraph;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Every distinct 3D convolution of the published network, on ONNX Runtime by its own API and
 * through DJL (single precision, and 8 bits as the exporter writes them) and on PyTorch through
 * DJL. Floating-point operations of a call: {@link Layer#operations}, bytes that must move at
 * least: {@link Layer#bytes}; {@code radnet roofline} puts both beside the machine's limits.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class Convolution {
  /**
   * Input and kernel: channels in, channels out, kernel depth x height x width, stride of height
   * and width, input depth x height x width. The stem, then stage by stage.
   */
  @Param({
    "1:64:3x7x7:2:48x192x192",
    "64:64:1x1x1:1:24x48x48",
    "64:64:3x3x3:1:24x48x48",
    "64:256:1x1x1:1:24x48x48",
    "256:64:1x1x1:1:24x48x48",
    "256:256:1x1x1:1:24x48x48",
    "256:128:1x1x1:1:12x24x24",
    "128:128:3x3x3:1:12x24x24",
    "128:512:1x1x1:1:12x24x24",
    "256:512:1x1x1:1:12x24x24",
    "512:128:1x1x1:1:12x24x24",
    "512:512:1x1x1:1:12x24x24",
    "512:256:1x1x1:1:6x12x12",
    "256:256:3x3x3:1:6x12x12",
    "256:1024:1x1x1:1:6x12x12",
    "512:1024:1x1x1:1:6x12x12",
    "1024:256:1x1x1:1:6x12x12",
    "1024:1024:1x1x1:1:6x12x12",
    "1024:512:1x1x1:1:3x6x6",
    "512:512:3x3x3:1:3x6x6",
    "512:2048:1x1x1:1:3x6x6",
    "1024:2048:1x1x1:1:3x6x6",
    "2048:512:1x1x1:1:3x6x6",
    "2048:2048:1x1x1:1:3x6x6"
  })
  @Quick("256:256:3x3x3:1:6x12x12")
  public String layer = "64:64:3x3x3:1:24x48x48";

  /** Inputs of a call. */
  @Param({"1", "2", "4"})
  @Quick("1")
  public int batch = 1;

  /** Threads of either runtime. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 2;

  private @Nullable Path folder;
  private @Nullable BareRuntime bare;
  private @Nullable DjlRuntime djl;
  private @Nullable NDManager manager;
  private @Nullable Conv3d block;
  private @Nullable NDArray input;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private long[] shape = {};

  /** Builds the layer for the runtime that is measured. */
  @Setup(Level.Trial)
  public void prepare(BenchmarkParams parameters)
      throws IOException, OrtException, MalformedModelException {
    // Read by the engine when it starts; each fork is a fresh process.
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    Layer l = Layer.parse(layer);
    SplittableRandom random = new SplittableRandom(1);
    float[] weights = floats(random, Math.toIntExact(l.weights()));
    shape = new long[] {batch, l.in(), l.size(0), l.size(1), l.size(2)};
    float[] values = floats(random, Math.toIntExact(batch * l.inputs()));
    String full = parameters.getBenchmark();
    String method = full.substring(full.lastIndexOf('.') + 1);
    if (method.equals("pyTorch")) {
      NDManager nd = NDManager.newBaseManager("PyTorch");
      manager = nd;
      block = torch(l, weights, nd);
      input = nd.create(values, new Shape(shape));
      return;
    }
    buffer = ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    buffer.asFloatBuffer().put(values);
    folder = Files.createTempDirectory("convolution");
    Path file = folder.resolve("model.onnx");
    Graph graph = graph(l, weights);
    Graph written =
        method.equals("onnxRuntimeInt8") ? QuantizedGraph.of(graph, Map.of("x", 0.5f)) : graph;
    OnnxFile.write(file, written, "convolution", 17, Map.of());
    if (method.equals("onnxRuntimeDjl")) {
      djl = DjlRuntime.open(file, "x", SessionVariant.SERVER, threads);
    } else {
      bare = BareRuntime.open(file, SessionVariant.SERVER, threads);
    }
  }

  private static float[] floats(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static Graph graph(Layer l, float[] weights) {
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
            "w", Tensor.floats(weights, l.out(), l.in(), l.kernel(0), l.kernel(1), l.kernel(2)));
    long[] pad = {l.kernel(0) / 2, l.kernel(1) / 2, l.kernel(2) / 2};
    Value y =
        graph.add(
            "Conv",
            "convolution",
            List.of(x, w),
            Attributes.integers("kernel_shape", l.kernel(0), l.kernel(1), l.kernel(2)),
            Attributes.integers("strides", 1, l.stride(), l.stride()),
            Attributes.integers("pads", pad[0], pad[1], pad[2], pad[0], pad[1], pad[2]));
    graph.output("y", y, DataType.FLOAT, free);
    return graph.build();
  }

  private static Conv3d torch(Layer l, float[] weights, NDManager manager) {
    Conv3d block =
        Conv3d.builder()
            .setKernelShape(new Shape(l.kernel(0), l.kernel(1), l.kernel(2)))
            .optStride(new Shape(1, l.stride(), l.stride()))
            .optPadding(new Shape(l.kernel(0) / 2, l.kernel(1) / 2, l.kernel(2) / 2))
            .setFilters(l.out())
            .optBias(false)
            .build();
    block.initialize(
        manager,
        ai.djl.ndarray.types.DataType.FLOAT32,
        new Shape(1, l.in(), l.size(0), l.size(1), l.size(2)));
    block.getParameters().get("weight").getArray().set(weights);
    return block;
  }

  /** ONNX Runtime's CPU provider, by its own API. */
  @Benchmark
  public int onnxRuntime() throws OrtException {
    return Objects.requireNonNull(bare).run(buffer, shape);
  }

  /** The same through DJL's predictor. */
  @Benchmark
  public int onnxRuntimeDjl() throws TranslateException {
    return Objects.requireNonNull(djl).run(buffer, shape);
  }

  /** ONNX Runtime on 8-bit values. */
  @Benchmark
  public int onnxRuntimeInt8() throws OrtException {
    return Objects.requireNonNull(bare).run(buffer, shape);
  }

  /** PyTorch through DJL. */
  @Benchmark
  public float pyTorch() {
    try (NDManager scope = Objects.requireNonNull(manager).newSubManager()) {
      NDArray x = Objects.requireNonNull(input).duplicate();
      x.attach(scope);
      NDList y =
          Objects.requireNonNull(block)
              .forward(new ai.djl.training.ParameterStore(scope, false), new NDList(x), false);
      y.attach(scope);
      return y.singletonOrThrow().getShape().size();
    }
  }

  /** Frees native memory and the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException, OrtException {
    if (bare != null) {
      bare.close();
    }
    if (djl != null) {
      djl.close();
    }
    if (manager != null) {
      manager.close();
    }
    if (folder != null) {
      Files.deleteIfExists(folder.resolve("model.onnx"));
      Files.deleteIfExists(folder);
    }
    bare = null;
    djl = null;
    manager = null;
    folder = null;
  }
}
