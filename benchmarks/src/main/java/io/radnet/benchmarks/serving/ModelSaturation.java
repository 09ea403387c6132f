package io.radnet.benchmarks.serving;

import ai.onnxruntime.OrtException;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.proto.inference.ModelInferResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * Calls of {@code ModelInfer} per second over loopback where four clients keep the server busy,
 * beside the bare session of ONNX Runtime in a loop ({@code floor}). {@code pairs} does as many
 * runs of either kind in turns and prints, with {@code --verbose}, the median of their ratios.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 6)
public class ModelSaturation {
  /** Preset and task; {@code paper-labels} takes 48x192x192 voxels. */
  @Param({"tiny-labels", "small-labels", "paper-labels"})
  @Quick("tiny-labels")
  public String network = "small-labels";

  /** Threads of each session. */
  @Param("2")
  @Quick("2")
  public int threads = 2;

  private static final int CALLERS = 4;
  private static final int RUNS = 12;

  private @Nullable Loopback loopback;
  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
  private Pairs pairs = new Pairs();

  /** Exports the network and starts what is measured. */
  @Setup(Level.Trial)
  public void prepare() throws IOException, OrtException {
    loopback = new Loopback(network, threads);
  }

  /** The session alone, one run behind the other, as the server's one session runs. */
  @Benchmark
  @Threads(1)
  public int floor() throws OrtException {
    return Objects.requireNonNull(loopback).bare();
  }

  /** The same values through the server. */
  @Benchmark
  @Threads(CALLERS)
  public ModelInferResponse loopback() {
    return Objects.requireNonNull(loopback).served();
  }

  /** The same number of runs by four callers and by the bare session. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(2 * RUNS)
  public void pairs() throws Exception {
    Loopback both = Objects.requireNonNull(loopback);
    pairs.add(
        () -> {
          List<Callable<ModelInferResponse>> calls = Collections.nCopies(RUNS, both::served);
          for (Future<ModelInferResponse> answer : callers.invokeAll(calls)) {
            answer.get();
          }
          return RUNS;
        },
        () -> {
          for (int run = 0; run < RUNS; run++) {
            both.bare();
          }
          return RUNS;
        });
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
    callers.shutdown();
    if (pairs.count() > 0) {
      System.out.printf("time of 4 callers beside the bare session: %s%n", pairs.summary());
    }
    if (loopback != null) {
      loopback.close();
    }
  }
}
