package io.radnet.exporter;

import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Tensor;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Checkpoints for tests, with statistics that a wrong formula would get wrong. */
public final class Checkpoints {
  private Checkpoints() {}

  /** A tiny network as if it were trained. */
  public static Checkpoint tiny(Recipe.Task task) {
    Checkpoint initial = Checkpoint.initial(Preset.TINY, task, 3);
    Map<String, Tensor> weights = new TreeMap<>(initial.weights());
    Random random = new Random(1);
    weights.replaceAll((path, tensor) -> disturb(path, tensor, random));
    return Checkpoint.of(initial.architecture(), initial.recipe(), 1, Map.of(), weights);
  }

  /** The same with other intensities. */
  public static Checkpoint withIntensity(Checkpoint checkpoint, Recipe.Intensity intensity) {
    Recipe r = checkpoint.recipe();
    Recipe recipe =
        new Recipe(
            r.formatVersion(),
            r.task(),
            r.orientation(),
            r.spacingMm(),
            r.grid(),
            intensity,
            r.slidingWindow(),
            r.heads(),
            r.labels(),
            r.embeddingSize(),
            r.modelVersion(),
            r.trainingSummary(),
            r.extra());
    return Checkpoint.of(checkpoint.architecture(), recipe, 1, Map.of(), checkpoint.weights());
  }

  /** Writes one into {@code folder} and returns it. */
  public static Path write(Checkpoint checkpoint, Path folder) throws IOException {
    checkpoint.write(folder);
    return folder;
  }

  /** An export that does not spend time on timing. */
  public static ExportOptions quick(Path checkpoint, Path repository, String name) {
    return ExportOptions.of(checkpoint, repository, name).withTimedRuns(1);
  }

  private static Tensor disturb(String path, Tensor tensor, Random random) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      if (path.endsWith("running_variance") || path.endsWith("gamma")) {
        values[i] = 0.5f + random.nextFloat();
      } else if (path.endsWith("beta") || path.endsWith("running_mean")) {
        values[i] = (float) (0.3 * random.nextGaussian());
      }
    }
    return new Tensor(tensor.shape(), values);
  }
}
