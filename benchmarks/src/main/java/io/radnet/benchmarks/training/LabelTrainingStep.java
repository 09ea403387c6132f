package io.radnet.benchmarks.training;

import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.data.Batch;
import io.radnet.trainer.data.Target;
import io.radnet.trainer.network.Networks;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.Hardware;
import io.radnet.trainer.training.HeadBalance;
import io.radnet.trainer.training.HeadWeights;
import io.radnet.trainer.training.MultiHeadLoss;
import io.radnet.trainer.training.Replicas;
import io.radnet.trainer.training.TrainingStep;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * One step of training a label network on a batch that lies in memory: forward, loss, backward,
 * clipping, AdamW. The peer is the same network, loss and optimiser in Python's PyTorch.
 *
 * <p>After each iteration the fork prints its resident memory and the arrays that the run holds, so
 * that a leak shows.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 4)
@Peer(
    script = "training_step.py",
    packages = {"python3-torch"})
public class LabelTrainingStep {
  private static final double RATE = 1e-3;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double MAXIMUM_NORM = 2;

  /** Size of the network. */
  @Param({"tiny", "small"})
  @Quick("tiny")
  public String preset = "small";

  /** Volumes of a step. */
  @Param("8")
  @Quick("2")
  public int batch = 8;

  private @Nullable Replicas replicas;
  private @Nullable TrainingStep step;
  private @Nullable Batch data;
  private long steps;

  /** A network with random weights, and noise with random labels. */
  @Setup(Level.Trial)
  public void prepare() {
    Preset size = Preset.valueOf(preset.toUpperCase(Locale.ROOT));
    Checkpoint checkpoint = Checkpoint.initial(size, Recipe.Task.LABELS, 1);
    Recipe recipe = checkpoint.recipe();
    SplittableRandom random = new SplittableRandom(1);
    int voxels = recipe.grid().stream().reduce(1, Math::multiplyExact);
    ByteBuffer volumes =
        ByteBuffer.allocateDirect(batch * voxels * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int v = 0; v < batch * voxels; v++) {
      volumes.putFloat(v * Float.BYTES, (float) random.nextDouble());
    }
    List<Target> targets = new ArrayList<>();
    for (int n = 0; n < batch; n++) {
      targets.add(target(recipe, random));
    }
    Batch made = new Batch(volumes, recipe.grid(), targets);
    Replicas network =
        new Replicas(
            () -> Networks.build(checkpoint.architecture(), recipe),
            recipe.grid(),
            checkpoint.source(),
            Hardware.single(Devices.CPU),
            WEIGHT_DECAY);
    step =
        new TrainingStep(
            network,
            1,
            new MultiHeadLoss(
                recipe.heads(), new HeadBalance(recipe.heads(), targets), HeadWeights.EQUAL),
            MAXIMUM_NORM);
    data = made;
    replicas = network;
  }

  private static Target target(Recipe recipe, SplittableRandom random) {
    int heads = recipe.heads().size();
    float[][] values = new float[heads][];
    boolean[] known = new boolean[heads];
    for (int h = 0; h < heads; h++) {
      int classes = recipe.heads().get(h).classes().size();
      values[h] = new float[classes];
      values[h][random.nextInt(classes)] = 1;
      known[h] = true;
    }
    return new Target(values, known);
  }

  /** The step. */
  @Benchmark
  public double step() {
    steps++;
    return Objects.requireNonNull(step).run(Objects.requireNonNull(data), RATE).loss();
  }

  /** Prints what the process holds. */
  @TearDown(Level.Iteration)
  public void printMemory() throws IOException {
    System.out.printf(
        Locale.ROOT,
        "[%d steps: %s resident, %d arrays held] ",
        steps,
        resident(),
        Objects.requireNonNull(replicas).manager().getManagedArrays().size());
  }

  private static String resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "?";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MiB")
        .findFirst()
        .orElse("?");
  }

  /** Frees native memory. */
  @TearDown(Level.Trial)
  public void close() {
    Objects.requireNonNull(replicas).close();
    step = null;
    data = null;
    replicas = null;
  }
}
