package io.radnet.benchmarks.export;

import io.radnet.benchmarks.suite.Quick;
import io.radnet.exporter.ExportOptions;
import io.radnet.exporter.ExportReport;
import io.radnet.exporter.Exporter;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * A whole export: a checkpoint with random weights is read, written as ONNX into a model repository
 * and compared with the original on both runtimes. The floor copies the weights from file to file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
public class Export {
  /** Preset and task. */
  @Param({"tiny-labels", "small-labels", "small-segmentation"})
  @Quick("tiny-labels")
  public String network = "tiny-labels";

  private Path work = Path.of(".");

  /** Writes the checkpoint. */
  @Setup(Level.Trial)
  public void prepare() throws IOException {
    String[] words = network.toUpperCase(Locale.ROOT).split("-", -1);
    work = Files.createTempDirectory("export");
    Checkpoint.initial(Preset.valueOf(words[0]), Recipe.Task.valueOf(words[1]), 1)
        .write(work.resolve("checkpoint"));
  }

  /** One export, checks included. */
  @Benchmark
  public ExportReport export() {
    return Exporter.export(
        ExportOptions.of(work.resolve("checkpoint"), work.resolve("models"), "model"));
  }

  /** The weights, read and written. */
  @Benchmark
  public Path floor() throws IOException {
    return Files.write(
        work.resolve("copy"),
        Files.readAllBytes(work.resolve("checkpoint").resolve("weights.safetensors")));
  }

  /** Takes away what an export left, so that the next one finds the same. */
  @TearDown(Level.Iteration)
  public void clear() throws IOException {
    delete(work.resolve("models"));
  }

  /** Deletes the files. */
  @TearDown(Level.Trial)
  public void delete() throws IOException {
    delete(work);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
