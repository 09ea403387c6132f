package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Networks;
import io.radnet.trainer.network.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Trains the multi-head network. One run writes one folder: a checkpoint per epoch of which the
 * best and the last stay, {@code metrics.jsonl}, and a model card. With the same seed on the same
 * kind of device two runs give the same weights, stopped and resumed or not, unless a time limit
 * cuts in.
 */
public final class LabelTraining {
  private final LabelTask task;
  private final MultiHeadLoss loss;

  /**
   * What a run came to.
   *
   * @param epochs that were trained, those before a resume included
   * @param bestEpoch the epoch that the run's folder stands for
   * @param bestMetrics its validation metrics
   * @param seconds of this process, validation and checkpoints included
   * @param samplesPerSecond training series per second of the training steps
   * @param waitShare share of the training steps' time spent waiting for data
   */
  public record Outcome(
      int epochs,
      int bestEpoch,
      Map<String, Double> bestMetrics,
      double seconds,
      double samplesPerSecond,
      double waitShare) {}

  /**
   * @param folder of the run
   * @param architecture the sizes
   * @param recipe with the heads; name and summary are filled in by the run
   * @param data at least one training series
   */
  public LabelTraining(
      Path folder,
      Architecture architecture,
      Recipe recipe,
      LabelDataSet data,
      TrainingOptions options) {
    if (data.train().isEmpty()) {
      throw new InvalidInputException(
          "training split", "series: 0 (expected: >= 1); add patients or a splits.json");
    }
    if (options.coarse().epochs(options.epochs()) > 0) {
      architecture.checkHalvedGrid(recipe.grid());
    }
    task = new LabelTask(folder, architecture, recipe, data, options);
    loss =
        new MultiHeadLoss(
            recipe.heads(),
            new HeadBalance(recipe.heads(), data.train().stream().map(Sample::target).toList()),
            options.headWeights());
  }

  /**
   * Trains to the end.
   *
   * @param resume continue after the last whole epoch in the folder
   * @throws InvalidInputException where the loss is no number, or the folder cannot be resumed; the
   *     last good checkpoint stays
   */
  public Outcome run(boolean resume) throws IOException, InterruptedException {
    Optional<RunFolder.Pointer> earlier =
        resume ? RunFolder.pointer(task.folder()) : Optional.empty();
    Weights.Source source =
        earlier
            .map(pointer -> Checkpoint.read(task.folder().resolve(pointer.last())).source())
            .orElseGet(() -> Weights.random(task.options().seed()));
    try (StopSignal stop = new StopSignal();
        Replicas replicas =
            new Replicas(
                () -> Networks.build(task.architecture(), task.recipe()),
                task.recipe().grid(),
                source,
                task.options().hardware(),
                task.options().weightDecay())) {
      LabelTrainingLoop loop = new LabelTrainingLoop(task, loss, replicas, stop);
      if (earlier.isPresent()) {
        loop.restore(
            TrainingState.read(task.folder().resolve(earlier.get().last())), earlier.get());
      }
      return loop.run();
    }
  }
}
