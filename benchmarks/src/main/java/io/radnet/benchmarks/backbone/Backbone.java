package io.radnet.benchmarks.backbone;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OrtException;
import io.radnet.benchmarks.runtime.BareRuntime;
import io.radnet.benchmarks.runtime.DjlRuntime;
import io.radnet.benchmarks.runtime.SessionVariant;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.trainer.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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
 * A whole network with random weights, one call from values in a direct buffer to a copy of its
 * last output: the exported model through DJL's predictor as the server runs it ({@code
 * predictor}), in a bare session of ONNX Runtime with the same options ({@code bareSession}), the
 * same before the exporter's rewrites ({@code plainGraph}), and the network in DJL on PyTorch
 * ({@code pyTorch}).
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
  private @Nullable BareRuntime bare;
  private @Nullable DjlRuntime djl;
  private @Nullable NDManager manager;
  private @Nullable TrainedModel torch;
  private ByteBuffer values = ByteBuffer.allocate(0);
  private long[] shape = {};

  /** Exports the network and loads what is measured. */
  @Setup(Level.Trial)
  public void prepare(BenchmarkParams parameters)
      throws IOException, OrtException, MalformedModelException {
    // Read by the engine when it starts; each fork is a fresh process.
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    RandomNetwork random = RandomNetwork.parse(network);
    shape = random.shape(batch);
    values = RandomNetwork.values(shape);
    String full = parameters.getBenchmark();
    String method = full.substring(full.lastIndexOf('.') + 1);
    if (method.equals("pyTorch")) {
      manager = NDManager.newBaseManager("PyTorch");
      torch = random.load(manager);
      return;
    }
    folder = Files.createTempDirectory("backbone");
    Path file = folder.resolve("model.onnx");
    random.write(file, !method.equals("plainGraph"));
    if (method.equals("predictor")) {
      djl = DjlRuntime.open(file, RandomNetwork.INPUT, SessionVariant.SERVER, threads);
    } else {
      bare = BareRuntime.open(file, SessionVariant.SERVER, threads);
    }
  }

  /** The exported model as the server runs it: DJL's arrays and predictor around the session. */
  @Benchmark
  public ByteBuffer predictor() throws TranslateException {
    return Objects.requireNonNull(djl).answer(values, shape);
  }

  /** The exported model in a session of ONNX Runtime's own API. */
  @Benchmark
  public ByteBuffer bareSession() throws OrtException {
    return Objects.requireNonNull(bare).answer(values, shape);
  }

  /** As the blocks were converted, node for node: what the exporter's rewrites gain. */
  @Benchmark
  public ByteBuffer plainGraph() throws OrtException {
    return Objects.requireNonNull(bare).answer(values, shape);
  }

  /** The network in DJL. */
  @Benchmark
  public ByteBuffer pyTorch() {
    try (NDManager scope = Objects.requireNonNull(manager).newSubManager()) {
      ByteBuffer bytes = values.duplicate().order(ByteOrder.nativeOrder());
      NDArray array = scope.create(bytes, new Shape(shape), DataType.FLOAT32);
      NDList answer = Objects.requireNonNull(torch).predict(array);
      return answer.get(answer.size() - 1).toByteBuffer();
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
    torch = null;
    folder = null;
  }
}
