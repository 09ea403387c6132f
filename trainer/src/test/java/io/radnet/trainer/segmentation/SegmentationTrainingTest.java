package io.radnet.trainer.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.LearningRate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentationTrainingTest {
  private static final Architecture SIZES =
      new Architecture("test", List.of(1, 1), List.of(4, 8), 2, 8, List.of(3, 3, 3), 16);

  private static Recipe recipe() {
    Recipe tiny = Preset.TINY.segmentationRecipe(List.of("background", "ball"));
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

  /** A bright ball in noise; the scan's own grid is the input's. */
  private static List<SegmentationSample> balls(int count, long seed) {
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
        values[v] = (float) (0.3 + 0.4 * labels[v] + 0.2 * random.nextDouble());
      }
      LabelMap mask = new LabelMap(grid, labels, Map.of(1, "ball"));
      samples.add(new SegmentationSample("ball-" + n, new ModelInput(grid, values), mask, mask));
    }
    return samples;
  }

  private static FinetuneOptions options(int steps) {
    return new FinetuneOptions(
        steps,
        4,
        new LearningRate(5e-3, 0.1),
        0.3,
        0.2,
        0.01,
        1,
        2,
        3,
        Double.POSITIVE_INFINITY,
        Devices.CPU);
  }

  @Test
  void learnsToSegmentFromScratch(@TempDir Path folder) throws Exception {
    List<SegmentationSample> held = balls(2, 2);
    SegmentationTraining.Outcome outcome =
        new SegmentationTraining(
                folder, SIZES, recipe(), Optional.empty(), balls(4, 1), held, options(80))
            .run();
    assertThat(outcome.best().meanDice()).isGreaterThan(0.85);
    Checkpoint kept = Checkpoint.read(folder);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SegmentationScores again =
          SegmentationScores.of(kept.load(manager).network(), manager, kept.recipe(), held);
      assertThat(again.meanDice()).isEqualTo(outcome.best().meanDice());
    }
  }

  @Test
  void aBackboneStaysFrozenAtFirst(@TempDir Path folder) throws Exception {
    Recipe labels = Preset.TINY.labelRecipe();
    Checkpoint backbone = Checkpoint.initial(SIZES, labelsRecipe(labels), 9);
    new SegmentationTraining(
            folder,
            SIZES,
            recipe(),
            Optional.of(backbone),
            balls(2, 1),
            List.of(),
            new FinetuneOptions(
                3,
                2,
                new LearningRate(5e-3, 0),
                0.3,
                0.99,
                0.01,
                1,
                1,
                3,
                Double.POSITIVE_INFINITY,
                Devices.CPU))
        .run();
    Checkpoint trained = Checkpoint.read(folder);
    assertThat(trained.weights().get("encoder.stem.weight"))
        .isEqualTo(backbone.weights().get("encoder.stem.weight"));
    assertThat(trained.weights().get("decoder.classes.weight"))
        .isNotEqualTo(
            Checkpoint.initial(SIZES, recipe(), 3).weights().get("decoder.classes.weight"));
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

  @Test
  void refusesABackboneOfOtherSizes(@TempDir Path folder) {
    Checkpoint backbone = Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1);
    assertThatThrownBy(
            () ->
                new SegmentationTraining(
                        folder,
                        SIZES,
                        recipe(),
                        Optional.of(backbone),
                        balls(1, 1),
                        List.of(),
                        options(2))
                    .run())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another architecture");
  }

  @Test
  void windowsDependOnSeedAndStepOnly() {
    PatchSampler one = new PatchSampler(balls(2, 1), List.of(8, 16, 16), 2, 7);
    PatchSampler two = new PatchSampler(balls(2, 1), List.of(8, 16, 16), 2, 7);
    two.draw(0, 2);
    assertThat(two.draw(5, 2).labels()).isEqualTo(one.draw(5, 2).labels());
    assertThat(one.draw(6, 2).labels()).isNotEqualTo(one.draw(5, 2).labels());
  }
}
