package io.radnet.trainer.training;

import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.SyntheticSeries;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Preset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small training as a process of its own, which says on stdout when each epoch reads its data.
 */
final class TrainingProcess {
  static final int EPOCHS = 5;

  private TrainingProcess() {}

  public static void main(String[] args) throws Exception {
    training(Path.of(args[0]), true).run(args.length > 1);
  }

  static LabelTraining training(Path folder, boolean talk) {
    Recipe tiny = Preset.TINY.labelRecipe();
    Recipe recipe =
        new Recipe(
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
    List<Sample> train =
        new ArrayList<>(SyntheticSeries.samples(recipe.grid(), recipe.heads(), 32, 1));
    Sample first = train.get(0);
    AtomicInteger reads = new AtomicInteger();
    train.set(
        0,
        new Sample(
            first.name(),
            () -> {
              if (talk) {
                System.out.println("epoch " + reads.incrementAndGet());
              }
              return first.input().read();
            },
            first.target()));
    LabelDataSet data =
        new LabelDataSet(
            train,
            SyntheticSeries.samples(recipe.grid(), recipe.heads(), 9, 2),
            List.of(),
            41,
            List.of());
    return new LabelTraining(
        folder,
        new Architecture("test", List.of(1, 1), List.of(4, 8), 2, 8, List.of(3, 3, 3), 16),
        recipe,
        data,
        new TrainingOptions(
            EPOCHS,
            8,
            new LearningRate(3e-3, 0.1),
            0.01,
            1,
            HeadWeights.EQUAL,
            new CoarseStart(0.5),
            EPOCHS,
            5,
            Double.POSITIVE_INFINITY,
            Hardware.single(Devices.CPU),
            2));
  }
}
