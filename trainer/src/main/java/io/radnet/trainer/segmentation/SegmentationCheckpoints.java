package io.radnet.trainer.segmentation;

import ai.djl.ndarray.NDManager;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Weights;
import io.radnet.trainer.training.Replicas;
import io.radnet.trainer.training.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoints of one segmentation run: {@value #SAVES_PER_ROUND} per validation round, with the
 * optimiser's state, of which the best validated one and the last stay. Until something was
 * validated the last one stands for the run.
 */
final class SegmentationCheckpoints {
  private static final int SAVES_PER_ROUND = 4;

  private final Path folder;
  private final Architecture architecture;
  private final Recipe recipe;
  private final Optional<Checkpoint> backbone;
  private final List<SegmentationSample> train;
  private final List<SegmentationSample> validation;
  private final FinetuneOptions options;
  private final String fingerprint;
  private int saves;
  private double bestScore = Double.NEGATIVE_INFINITY;
  private int bestSave;
  private SegmentationScores best = new SegmentationScores(List.of());

  /**
   * @param fingerprint what must be the same for a resumed run to end with the same weights
   */
  SegmentationCheckpoints(
      Path folder,
      Architecture architecture,
      Recipe recipe,
      Optional<Checkpoint> backbone,
      List<SegmentationSample> train,
      List<SegmentationSample> validation,
      FinetuneOptions options,
      String fingerprint) {
    this.folder = folder;
    this.architecture = architecture;
    this.recipe = recipe;
    this.backbone = backbone;
    this.train = train;
    this.validation = validation;
    this.options = options;
    this.fingerprint = fingerprint;
  }

  /**
   * Goes on where a run stopped.
   *
   * @throws InvalidInputException where that run had other options
   */
  void restore(TrainingState state) {
    if (!state.options().equals(fingerprint)) {
      throw new InvalidInputException(
          folder,
          "cannot resume with other options: "
              + fingerprint
              + " (expected: "
              + state.options()
              + ")");
    }
    saves = state.epoch();
    bestSave = state.bestEpoch();
    bestScore = bestSave == 0 ? Double.NEGATIVE_INFINITY : state.bestScore();
  }

  /** The validation round, counted from 1, that the next checkpoint belongs to. */
  int nextRound() {
    return saves / SAVES_PER_ROUND + 1;
  }

  /** The best validation Dice so far; negative infinity where there is none. */
  double bestScore() {
    return bestScore;
  }

  /** Whether a checkpoint is to be written after this share of the run. */
  boolean due(double progress, boolean last) {
    return last || progress >= (saves + 1.0) / (SAVES_PER_ROUND * options.validations());
  }

  /** Whether the next checkpoint is to be validated first. */
  boolean validationDue(boolean last) {
    return last || (saves + 1) % SAVES_PER_ROUND == 0;
  }

  /**
   * Writes a checkpoint; the pointer to it last, so that until then the run stays as it was.
   *
   * @param scores of the validation split where it was measured
   */
  void write(
      Replicas replicas,
      Map<String, Double> metrics,
      Optional<SegmentationScores> scores,
      int step,
      double elapsedSeconds)
      throws IOException {
    saves++;
    if (scores.isPresent()) {
      double score = validation.isEmpty() ? saves : scores.get().meanDice();
      if (score > bestScore) {
        bestScore = score;
        bestSave = saves;
        best = scores.get();
      }
    }
    SegmentationScores shown = scores.orElseGet(() -> new SegmentationScores(List.of()));
    SegmentationCard card =
        new SegmentationCard(architecture, backbone, train, validation, options, step, shown);
    Checkpoint checkpoint =
        Checkpoint.of(
            architecture, card.describe(recipe), saves, metrics, Weights.copy(replicas.network()));
    String name = RunFolder.checkpointName(saves);
    Path target = folder.resolve(name);
    checkpoint.write(target);
    card.write(target, checkpoint);
    new TrainingState(
            saves,
            step,
            options.seed(),
            bestSave == 0 ? 0 : bestScore,
            bestSave,
            elapsedSeconds,
            fingerprint,
            replicas.optimiserState())
        .write(target);
    String bestName = bestSave == 0 ? name : RunFolder.checkpointName(bestSave);
    RunFolder.write(folder, new RunFolder.Pointer(bestName, name));
    RunFolder.prune(folder, List.of(bestSave, saves));
  }

  /** The scores of the best checkpoint; measured again where an earlier process wrote it. */
  SegmentationScores best(NDManager manager) {
    if (!best.rows().isEmpty() || bestSave == 0 || validation.isEmpty()) {
      return best;
    }
    try (NDManager own = manager.newSubManager()) {
      return SegmentationScores.of(
          Checkpoint.read(folder).load(own).network(), own, recipe, validation);
    }
  }
}
