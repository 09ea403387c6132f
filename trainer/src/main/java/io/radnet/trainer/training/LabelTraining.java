package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.data.Augmentation;
import io.radnet.trainer.data.Batch;
import io.radnet.trainer.data.Batches;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.PlaneReduction;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Networks;
import io.radnet.trainer.network.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the multi-head network. One run writes one folder: a checkpoint per epoch of which the
 * best and the last stay, {@code metrics.jsonl}, and a model card. With the same seed on the same
 * kind of device two runs give the same weights, stopped and resumed or not, unless a time limit
 * cuts in.
 */
public final class LabelTraining {
  private static final Logger LOG = LoggerFactory.getLogger(LabelTraining.class);
  private static final double LEAST_GAIN = 1e-4;

  private final Path folder;
  private final Architecture architecture;
  private final Recipe recipe;
  private final LabelDataSet data;
  private final TrainingOptions options;
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
    this.folder = folder;
    this.architecture = architecture;
    this.recipe = recipe;
    this.data = data;
    this.options = options;
    this.loss =
        new MultiHeadLoss(
            recipe.heads(),
            new HeadBalance(recipe.heads(), data.train().stream().map(Sample::target).toList()),
            options.headWeights());
  }

  /** The options that decide the weights, as text. */
  private String fingerprint() {
    return String.format(
        Locale.ROOT,
        "network %s, series %d (digest %s), epochs %d%s, batch %d%s, learning rate %s, weight decay %s%s, seed %d",
        architecture.name(),
        data.train().size(),
        DataDigest.of(recipe, data.train()),
        options.epochs(),
        options.coarse().share() == 0 ? "" : ", coarse " + options.coarse().share(),
        options.batchSize(),
        options.hardware().parts() == 1 ? "" : " in " + options.hardware().parts() + " parts",
        options.learningRate().peak(),
        options.weightDecay(),
        options.headWeights().byName().isEmpty() ? "" : ", head weights " + options.headWeights(),
        options.seed());
  }

  /**
   * Trains to the end.
   *
   * @param resume continue after the last whole epoch in the folder
   * @throws InvalidInputException where the loss is no number, or the folder cannot be resumed; the
   *     last good checkpoint stays
   */
  public Outcome run(boolean resume) throws IOException, InterruptedException {
    Optional<RunFolder.Pointer> earlier = resume ? RunFolder.pointer(folder) : Optional.empty();
    Weights.Source source =
        earlier
            .map(pointer -> Checkpoint.read(folder.resolve(pointer.last())).source())
            .orElseGet(() -> Weights.random(options.seed()));
    try (StopSignal stop = new StopSignal();
        Replicas replicas =
            new Replicas(
                () -> Networks.build(architecture, recipe),
                recipe.grid(),
                source,
                options.hardware(),
                options.weightDecay())) {
      Loop loop = new Loop(replicas, stop);
      if (earlier.isPresent()) {
        loop.restore(TrainingState.read(folder.resolve(earlier.get().last())), earlier.get());
      }
      return loop.run();
    }
  }

  /** The state of one process's share of a run. */
  private final class Loop {
    private final Replicas replicas;
    private final StopSignal stop;
    private final TrainingStep trainingStep;
    private final StepGuard guard = new StepGuard();
    private final long start = System.nanoTime();
    private final int stepsPerEpoch;
    private PlaneReduction reduction = PlaneReduction.none(recipe.grid());
    private int epoch;
    private long step;
    private double earlierSeconds;
    private double bestScore = Double.NEGATIVE_INFINITY;
    private int bestEpoch;
    private Map<String, Double> bestMetrics = Map.of();
    private double stepSeconds;
    private double waitSeconds;
    private long seen;

    private Loop(Replicas replicas, StopSignal stop) {
      this.stop = stop;
      this.replicas = replicas;
      this.trainingStep =
          new TrainingStep(replicas, options.hardware().parts(), loss, options.maximumNorm());
      this.stepsPerEpoch = (data.train().size() + options.batchSize() - 1) / options.batchSize();
    }

    private void restore(TrainingState state, RunFolder.Pointer pointer) {
      if (!state.options().equals(fingerprint())) {
        throw new InvalidInputException(
            folder,
            "cannot resume with other options: "
                + fingerprint()
                + " (expected: "
                + state.options()
                + ")");
      }
      replicas.restoreOptimiser(state.optimiser());
      epoch = state.epoch();
      step = state.step();
      earlierSeconds = state.elapsedSeconds();
      bestScore = state.bestScore();
      bestEpoch = state.bestEpoch();
      bestMetrics = Checkpoint.read(folder.resolve(pointer.best())).metrics();
    }

    private double elapsed() {
      return earlierSeconds + (System.nanoTime() - start) / 1e9;
    }

    private double timeUsed() {
      return elapsed() / options.maximumSeconds();
    }

    private boolean outOfTime() {
      return timeUsed() >= 1;
    }

    private Outcome run() throws IOException, InterruptedException {
      MetricsLog log = new MetricsLog(folder, epoch);
      long steps = (long) stepsPerEpoch * options.epochs() - step;
      try (Progress progress = Progress.start("train", " steps", steps)) {
        while (epoch < options.epochs()
            && !outOfTime()
            && epoch - bestEpoch < options.patience() + (bestEpoch == 0 ? 1 : 0)) {
          epoch++;
          reduction =
              new PlaneReduction(
                  recipe.grid(), options.coarse().covers(epoch, options.epochs(), timeUsed()));
          Map<String, Double> metrics = train(progress);
          HeadScores validation = validate();
          metrics.putAll(validation.metrics());
          // First, so that a kill between the two loses no row: a resumed run drops rows that are
          // newer than its checkpoint.
          try {
            log.append(epoch, metrics);
            keep(metrics, validation);
          } catch (IOException e) {
            throw new InvalidInputException(
                folder,
                "epoch "
                    + epoch
                    + " could not be written, the checkpoint before it stays; make room and"
                    + " continue with --resume: "
                    + e.getMessage(),
                e);
          }
          LOG.info("epoch {}: {}", epoch, metrics);
        }
      }
      return new Outcome(
          epoch,
          bestEpoch,
          bestMetrics,
          (System.nanoTime() - start) / 1e9,
          stepSeconds == 0 ? 0 : seen / stepSeconds,
          stepSeconds == 0 ? 0 : waitSeconds / stepSeconds);
    }

    private Map<String, Double> train(Progress progress) throws InterruptedException {
      long epochStart = System.nanoTime();
      double sum = 0;
      int batchCount = 0;
      double rate = 0;
      double norm = 0;
      try (Batches batches =
          new Batches(
              data.train(),
              reduction,
              options.batchSize(),
              Optional.of(new Augmentation(reduction.grid(), recipe.heads())),
              options.seed(),
              epoch,
              options.threads())) {
        while (!batches.done() && !outOfTime()) {
          stop.check();
          Batch batch = batches.take();
          double done = options.coarse().progress(step, stepsPerEpoch, options.epochs());
          rate = options.learningRate().at(Math.max(done, timeUsed()));
          Replicas.Result result = trainingStep.run(batch, rate);
          double value = result.loss();
          norm = result.gradientNorm();
          guard.check(value, norm, "epoch " + epoch + ", step " + step);
          sum += value;
          batchCount++;
          step++;
          seen += batch.size();
          progress.step();
          progress.message(
              String.format(
                  Locale.ROOT,
                  "epoch %d%s  loss %.3f  best score %.3f  %.0f series/s",
                  epoch,
                  reduction.halved() ? " (coarse)" : "",
                  sum / batchCount,
                  Math.max(0, bestScore),
                  seen / (stepSeconds + (System.nanoTime() - epochStart) / 1e9)));
        }
        waitSeconds += batches.waitedSeconds();
      }
      stepSeconds += (System.nanoTime() - epochStart) / 1e9;
      Map<String, Double> metrics = new TreeMap<>();
      if (reduction.halved()) {
        metrics.put("coarse", 1.0);
      }
      metrics.put("loss", sum / Math.max(1, batchCount));
      metrics.put("learning_rate", rate);
      metrics.put("gradient_norm", norm);
      double[] perHead = trainingStep.headLosses();
      for (int h = 0; h < perHead.length; h++) {
        metrics.put(recipe.heads().get(h).name() + ".loss", perHead[h]);
      }
      return metrics;
    }

    private HeadScores validate() throws InterruptedException {
      return Predictions.scores(
          recipe,
          data.validation(),
          Predictions.logits(
              replicas.network(),
              replicas.manager(),
              reduction,
              data.validation(),
              options.batchSize(),
              options.threads()));
    }

    /**
     * Writes the epoch; the pointer last, so that until then the run stays as it was. Scores of
     * coarse volumes do not compare with those of full ones: until there is one of these, the
     * newest epoch is the best.
     */
    private void keep(Map<String, Double> metrics, HeadScores validation) throws IOException {
      double score = data.validation().isEmpty() ? epoch : validation.overall();
      boolean better = score > bestScore + LEAST_GAIN;
      if (better) {
        bestScore = reduction.halved() ? bestScore : score;
        bestEpoch = epoch;
        bestMetrics = Map.copyOf(metrics);
      }
      String name = RunFolder.checkpointName(epoch);
      ModelCard card = new ModelCard(architecture, data, options, epoch, metrics);
      Checkpoint checkpoint =
          Checkpoint.of(
              architecture,
              card.describe(recipe),
              epoch,
              metrics,
              Weights.copy(replicas.network()));
      Path target = folder.resolve(name);
      checkpoint.write(target);
      card.write(target, checkpoint);
      new TrainingState(
              epoch,
              step,
              options.seed(),
              bestScore,
              bestEpoch,
              elapsed(),
              fingerprint(),
              replicas.optimiserState())
          .write(target);
      RunFolder.write(folder, new RunFolder.Pointer(RunFolder.checkpointName(bestEpoch), name));
      RunFolder.prune(folder, List.of(bestEpoch, epoch));
    }
  }
}
