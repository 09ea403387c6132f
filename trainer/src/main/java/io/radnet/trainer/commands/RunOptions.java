package io.radnet.trainer.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.Hardware;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that trains. */
final class RunOptions {
  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where checkpoints, metrics and the model card go.")
  private Path out = Path.of("");

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Volumes per step (default: as the preset says).")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "The highest learning rate (default: as the preset says).")
  private @Nullable Double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of all random numbers (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto, cpu or gpu (default: ${DEFAULT-VALUE}).")
  private Devices device = Devices.AUTO;

  @Option(
      names = "--devices",
      paramLabel = "N",
      description = "GPUs that share each batch (default: ${DEFAULT-VALUE}).")
  private int devices = 1;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "Parts of a batch that a device computes one after the other, to need the memory of one"
              + " (default: ${DEFAULT-VALUE}).")
  private int accumulate = 1;

  @Option(
      names = "--max-minutes",
      paramLabel = "M",
      description = "Stop in time for this wall-clock limit; the learning rate falls accordingly.")
  private @Nullable Double maximumMinutes;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that prepare data (default: ${DEFAULT-VALUE}).")
  private int threads = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));

  Path data() {
    return data;
  }

  Path out() {
    return out;
  }

  Optional<Integer> batch() {
    return Optional.ofNullable(batch);
  }

  Optional<Double> learningRate() {
    return Optional.ofNullable(learningRate);
  }

  long seed() {
    return seed;
  }

  Devices device() {
    return device;
  }

  Hardware hardware() {
    if (devices < 1 || accumulate < 1) {
      throw new InvalidInputException(
          "--devices, --accumulate", devices + ", " + accumulate + " (expected: both >= 1)");
    }
    return new Hardware(device, devices, accumulate);
  }

  int threads() {
    return threads;
  }

  /** Seconds left of the limit for a command that began at {@code startNanos}. */
  double secondsLeft(long startNanos) {
    if (maximumMinutes == null) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(0.001, 60 * maximumMinutes - (System.nanoTime() - startNanos) / 1e9);
  }
}
