package io.radnet.benchmarks.serving;

import ai.onnxruntime.OrtException;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.proto.inference.ModelInferResponse;
import java.io.IOException;
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
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * One {@code ModelInfer} call at a time over loopback, from the request to the parsed answer,
 * beside the bare session of ONNX Runtime on the same values in the same process ({@code floor}).
 * {@code pairs} does both in turns and prints, with {@code --verbose}, the median of their ratios.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 4)
public class ModelInference {
  /** Preset and task; {@code paper-labels} takes 48x192x192 voxels. */
  @Param({"tiny-labels", "small-labels", "paper-labels"})
  @Quick("tiny-labels")
  public String network = "small-labels";

  /** Threads of each session. */
  @Param("2")
  @Quick("2")
  public int threads = 2;

  private @Nullable Loopback loopback;
  private Pairs pairs = new Pairs();

  /** Exports the network and starts what is measured. */
  @Setup(Level.Trial)
  public void prepare() throws IOException, OrtException {
    loopback = new Loopback(network, threads);
  }

  /** The session alone. */
  @Benchmark
  public int floor() throws OrtException {
    return Objects.requireNonNull(loopback).bare();
  }

  /** The same values through the server. */
  @Benchmark
  public ModelInferResponse loopback() {
    return Objects.requireNonNull(loopback).served();
  }

  /** One call through the server and one of the bare session. */
  @Benchmark
  public void pairs() throws Exception {
    Loopback both = Objects.requireNonNull(loopback);
    pairs.add(both::served, both::bare);
  }

  /** Leaves the warm-up out. */
  @Setup(Level.Iteration)
  public void forget(IterationParams iteration) {
    if (iteration.getType() == IterationType.WARMUP) {
      pairs = new Pairs();
    }
  }

  /** Closes everything and deletes the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException, OrtException {
    if (pairs.count() > 0) {
      System.out.printf("ModelInfer beside the bare session: %s%n", pairs.summary());
    }
    if (loopback != null) {
      loopback.close();
    }
  }
}
