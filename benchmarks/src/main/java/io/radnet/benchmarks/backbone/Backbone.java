package io.radnet.benchmarks.backbone;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.exporter.convert.Converters;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.optimise.Optimisations;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.TrainedModel;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/**
 * A whole network with random weights, one call from values in a direct buffer to its answer: the
 * exported model through DJL's predictor as the server runs it ({@code predictor}), in a bare
 * session of ONNX Runtime ({@code bareSession}), the same before the exporter's rewrites ({@code
 * plainGraph}), and the network in DJL on PyTorch ({@code pyTorch}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class Backbone {
  /** Preset and task. */
  @Param({"paper-labels", "small-labels", "small-segmentation"})
  @Quick("small-labels")
  public String network = "small-labels";

  /** Inputs of a call. */
  @Param({"1", "2", "4"})
  @Quick("1")
  public int batch = 1;

  /** Threads of either runtime. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 2;

  private @Nullable Path folder;
  private @Nullable OnnxSession plain;
  private @Nullable OnnxSession bare;
  private @Nullable Model onnx;
  private @Nullable Predictor<NDList, NDList> predictor;
  private @Nullable NDManager manager;
  private @Nullable TrainedModel torch;
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private FloatBuffer values = FloatBuffer.allocate(0);
  private long[] shape = {};

  /** Exports the network both ways and loads what is measured. */
  @Setup(Level.Trial)
  public void prepare(org.openjdk.jmh.infra.BenchmarkParams parameters)
      throws IOException, OrtException, ai.djl.MalformedModelException {
    // Read by the engine when it starts; each fork is a fresh process.
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    String[] words = network.toUpperCase(Locale.ROOT).split("-", -1);
    Preset preset = Preset.valueOf(words[0]);
    Checkpoint checkpoint = Checkpoint.initial(preset, Recipe.Task.valueOf(words[1]), 1);
    List<Integer> grid = preset.grid();
    shape = new long[] {batch, 1, grid.get(0), grid.get(1), grid.get(2)};
    int count = batch * grid.get(0) * grid.get(1) * grid.get(2);
    bytes = ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
    values = bytes.asFloatBuffer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      values.put(i, (float) random.nextDouble());
    }
    manager = NDManager.newBaseManager("PyTorch");
    torch = checkpoint.load(manager);
    Path models = Files.createTempDirectory("backbone");
    folder = models;
    String method = parameters.getBenchmark().substring(parameters.getBenchmark().lastIndexOf('.'));
    if (method.equals(".pyTorch")) {
      return;
    }
    Graph graph = graph(torch, grid);
    Graph written = method.equals(".plainGraph") ? graph : Optimisations.apply(graph, false);
    Path file = models.resolve("model.onnx");
    OnnxFile.write(file, written, "backbone", 17, Map.of());
    manager.close();
    manager = null;
    torch = null;
    switch (method) {
      case ".plainGraph" -> plain = OnnxSession.open(file, threads);
      case ".bareSession" -> bare = OnnxSession.open(file, threads);
      default -> openPredictor(models);
    }
  }

  private void openPredictor(Path models)
      throws IOException, OrtException, ai.djl.MalformedModelException {
    ai.djl.engine.Engine.getEngine("OnnxRuntime");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      Model model = Model.newInstance("model", Device.cpu(), "OnnxRuntime");
      model.load(models, "model.onnx", Map.of("sessionOptions", options));
      onnx = model;
      predictor = model.newPredictor(new NoopTranslator());
    }
  }

  private static Graph graph(TrainedModel model, List<Integer> grid) {
    GraphBuilder builder = new GraphBuilder();
    var batch = GraphBuilder.dimension("batch");
    Value input =
        builder.input(
            "volume",
            io.radnet.proto.onnx.TensorProto.DataType.FLOAT,
            List.of(
                batch,
                GraphBuilder.dimension(1),
                GraphBuilder.dimension(grid.get(0)),
                GraphBuilder.dimension(grid.get(1)),
                GraphBuilder.dimension(grid.get(2))));
    int number = 0;
    for (Value output : Converters.standard().convert(model.network(), List.of(input), builder)) {
      var shape = new ArrayList<>(List.of(batch));
      int axes = model.recipe().task() == Recipe.Task.LABELS ? 2 : 5;
      for (int axis = 1; axis < axes; axis++) {
        shape.add(GraphBuilder.dimension("axis" + number + axis));
      }
      builder.output(
          "output" + number, output, io.radnet.proto.onnx.TensorProto.DataType.FLOAT, shape);
      number++;
    }
    return builder.build();
  }

  /** The exported model as the server runs it: DJL's arrays and predictor around the session. */
  @Benchmark
  public ByteBuffer predictor() throws TranslateException {
    Model model = Objects.requireNonNull(onnx);
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDArray array =
          scope.create(
              bytes.duplicate().order(ByteOrder.nativeOrder()), new Shape(shape), DataType.FLOAT32);
      array.setName("volume");
      NDList answer = Objects.requireNonNull(predictor).predict(new NDList(array));
      answer.attach(scope);
      return answer.get(answer.size() - 1).toByteBuffer();
    }
  }

  /** The exported model in a session of ONNX Runtime's own API. */
  @Benchmark
  public void bareSession() {
    Objects.requireNonNull(bare).runOnly("volume", values, shape);
  }

  /** As the blocks were converted, node for node: what the exporter's rewrites gain. */
  @Benchmark
  public void plainGraph() {
    Objects.requireNonNull(plain).runOnly("volume", values, shape);
  }

  /** The network in DJL. */
  @Benchmark
  public float pyTorch() {
    try (NDManager scope = Objects.requireNonNull(manager).newSubManager()) {
      NDArray array =
          scope.create(
              bytes.duplicate().order(ByteOrder.nativeOrder()), new Shape(shape), DataType.FLOAT32);
      NDList answer = Objects.requireNonNull(torch).predict(array);
      return answer.get(answer.size() - 1).flatten().getFloat(0);
    }
  }

  /** Frees native memory and the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    for (AutoCloseable open : new AutoCloseable[] {plain, bare, predictor, onnx, manager}) {
      if (open != null) {
        try {
          open.close();
        } catch (IOException | RuntimeException failure) {
          throw failure;
        } catch (Exception failure) {
          throw new IllegalStateException("cannot close", failure);
        }
      }
    }
    plain = null;
    bare = null;
    predictor = null;
    onnx = null;
    manager = null;
    torch = null;
    if (folder != null) {
      Files.deleteIfExists(folder.resolve("model.onnx"));
      Files.deleteIfExists(folder);
    }
  }
}
