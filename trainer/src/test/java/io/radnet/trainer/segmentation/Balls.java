package io.radnet.trainer.segmentation;

import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Bright balls in noise, and the small network that finds them. */
public final class Balls {
  /** The sizes of the network. */
  public static final Architecture SIZES =
      new Architecture("test", List.of(1, 1), List.of(4, 8), 2, 8, List.of(3, 3, 3), 16);

  private static final double[] LEVELS = {0.3, 0.7, 0};

  private Balls() {}

  /** Windows of 8 x 16 x 16 voxels of 2 mm. */
  public static Recipe recipe() {
    return recipe(List.of("background", "ball"));
  }

  /** The same for other classes. */
  public static Recipe recipe(List<String> labels) {
    Recipe tiny = Preset.TINY.segmentationRecipe(labels);
    return new Recipe(
        tiny.formatVersion(),
        tiny.task(),
        tiny.orientation(),
        List.of(2.0, 2.0, 2.0),
        List.of(8, 16, 16),
        tiny.intensity(),
        tiny.slidingWindow(),
        tiny.heads(),
        tiny.labels(),
        0,
        tiny.modelVersion(),
        tiny.trainingSummary(),
        tiny.extra());
  }

  /** A bright ball in noise per scan; the scan's own grid is the input's. */
  public static List<SegmentationSample> samples(int count, long seed) {
    return samples(count, seed, false);
  }

  /** A bright ball (1) and a dark hole in its middle (2). */
  static List<SegmentationSample> shells(int count, long seed) {
    return samples(count, seed, true);
  }

  private static List<SegmentationSample> samples(int count, long seed, boolean hollow) {
    SplittableRandom random = new SplittableRandom(seed);
    Geometry grid = Geometry.axisAligned(24, 24, 12, 2, 2, 2);
    List<SegmentationSample> samples = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      double x = random.nextDouble(8, 16);
      double y = random.nextDouble(8, 16);
      double radius = random.nextDouble(4, 6);
      float[] values = new float[24 * 24 * 12];
      byte[] labels = new byte[values.length];
      for (int v = 0; v < values.length; v++) {
        double distance =
            Math.sqrt(
                Math.pow(v % 24 - x, 2) + Math.pow(v / 24 % 24 - y, 2) + Math.pow(v / 576 - 6, 2));
        labels[v] = (byte) (distance < radius ? 1 : 0);
        if (hollow && distance < 0.6 * radius) {
          labels[v] = 2;
        }
        values[v] = (float) (LEVELS[labels[v]] + 0.2 * random.nextDouble());
      }
      LabelMap mask =
          new LabelMap(grid, labels, hollow ? Map.of(1, "shell", 2, "core") : Map.of(1, "ball"));
      samples.add(new SegmentationSample("ball-" + n, new ModelInput(grid, values), mask, mask));
    }
    return samples;
  }

  /** An untrained label network of the same sizes. */
  public static Checkpoint backbone(long seed) {
    return Checkpoint.initial(SIZES, labelsRecipe(Preset.TINY.labelRecipe()), seed);
  }

  private static Recipe labelsRecipe(Recipe tiny) {
    return new Recipe(
        tiny.formatVersion(),
        tiny.task(),
        tiny.orientation(),
        tiny.spacingMm(),
        List.of(8, 16, 16),
        tiny.intensity(),
        tiny.slidingWindow(),
        tiny.heads(),
        tiny.labels(),
        16,
        tiny.modelVersion(),
        tiny.trainingSummary(),
        tiny.extra());
  }
}
