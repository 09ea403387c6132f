package io.radnet.benchmarks.backbone;

import ai.onnxruntime.OrtException;
import io.radnet.benchmarks.runtime.BareRuntime;
import io.radnet.benchmarks.runtime.SessionVariant;
import io.radnet.benchmarks.suite.Quick;
import java.io.IOException;
import java.nio.ByteBuffer;
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

/**
 * What each session option of ONNX Runtime gives or costs: the exported network at batch 1 as the
 * server runs it, and with one option changed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class SessionOptions {
  /** Preset and task. */
  @Param({"paper-labels", "small-labels"})
  @Quick("small-labels")
  public String network = "small-labels";

  /** Threads of the session. */
  @Param("2")
  public int threads = 2;

  /** The option that is changed. */
  @Param({
    "SERVER",
    "SPINNING",
    "NO_ARENA",
    "NO_MEMORY_PATTERN",
    "NO_PREPACKING",
    "NO_OPTIMISATION",
    "BASIC_OPTIMISATION",
    "DENORMALS_AS_ZERO",
    "DYNAMIC_BLOCKS",
    "FIXED_BATCH"
  })
  @Quick({"SERVER", "SPINNING"})
  public SessionVariant variant = SessionVariant.SERVER;

  private @Nullable Path folder;
  private @Nullable BareRuntime bare;
  private ByteBuffer values = ByteBuffer.allocate(0);
  private long[] shape = {};

  /** Exports the network and opens a session. */
  @Setup(Level.Trial)
  public void prepare() throws IOException, OrtException {
    RandomNetwork random = RandomNetwork.parse(network);
    shape = random.shape(1);
    values = RandomNetwork.values(shape);
    folder = Files.createTempDirectory("session-options");
    Path file = folder.resolve("model.onnx");
    random.write(file, true);
    bare = BareRuntime.open(file, variant, threads);
  }

  /** One call, its last output copied. */
  @Benchmark
  public ByteBuffer run() throws OrtException {
    return Objects.requireNonNull(bare).answer(values, shape);
  }

  /** Frees native memory and the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException, OrtException {
    if (bare != null) {
      bare.close();
    }
    if (folder != null) {
      Files.deleteIfExists(folder.resolve("model.onnx"));
      Files.deleteIfExists(folder);
    }
  }
}
