package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.data.Augmentation;
import io.radnet.trainer.data.Batch;
import io.radnet.trainer.data.Batches;
import io.radnet.trainer.data.PlaneReduction;
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

/** The epochs of one process's share of a run: steps, validation, checkpoint. */
final class LabelTrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(LabelTrainingLoop.class);
  private static final double LEAST_GAIN = 1e-4;

  private final LabelTask task;
  private final Replicas replicas;
  private final StopSignal stop;
  private final TrainingStep trainingStep;
  private final StepGuard guard = new StepGuard();
  private final long start = System.nanoTime();
  private final int stepsPerEpoch;
  private PlaneReduction reduction;
  private int epoch;
  private long step;
  private double earlierSeconds;
  private double bestScore = Double.NEGATIVE_INFINITY;
  private int bestEpoch;
  private Map<String, Double> bestMetrics = Map.of();
  private double stepSeconds;
  private double waitSeconds;
  private long seen;

  LabelTrainingLoop(LabelTask task, MultiHeadLoss loss, Replicas replicas, StopSignal stop) {
    this.task = task;
    this.replicas = replicas;
    this.stop = stop;
    trainingStep =
        new TrainingStep(
            replicas, task.options().hardware().parts(), loss, task.options().maximumNorm());
    int batch = task.options().batchSize();
    stepsPerEpoch = (task.data().train().size() + batch - 1) / batch;
    reduction = PlaneReduction.none(task.recipe().grid());
  }

  /**
   * Goes on where an earlier process stopped.
   *
   * @throws InvalidInputException where it had other options
   */
  void restore(TrainingState state, RunFolder.Pointer pointer) {
    if (!state.options().equals(task.fingerprint())) {
      throw new InvalidInputException(
          task.folder(),
          "cannot resume with other options: "
              + task.fingerprint()
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
    bestMetrics = Checkpoint.read(task.folder().resolve(pointer.best())).metrics();
  }

  private double elapsed() {
    return earlierSeconds + (System.nanoTime() - start) / 1e9;
  }

  private double timeUsed() {
    return elapsed() / task.options().maximumSeconds();
  }

  private boolean outOfTime() {
    return timeUsed() >= 1;
  }

  /**
   * Trains to the end. Where reading the data took all of the time, a run still has one step and
   * with it a checkpoint.
   */
  LabelTraining.Outcome run() throws IOException, InterruptedException {
    MetricsLog log = new MetricsLog(task.folder(), epoch);
    long steps = (long) stepsPerEpoch * task.options().epochs() - step;
    try (Progress progress = Progress.start("train", " steps", steps)) {
      while (epoch < task.options().epochs()
          && (epoch == 0 || !outOfTime())
          && epoch - bestEpoch < task.options().patience() + (bestEpoch == 0 ? 1 : 0)) {
        epoch++;
        reduction =
            new PlaneReduction(
                task.recipe().grid(),
                task.options().coarse().covers(epoch, task.options().epochs(), timeUsed()));
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
              task.folder(),
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
    return new LabelTraining.Outcome(
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
            task.data().train(),
            reduction,
            task.options().batchSize(),
            Optional.of(new Augmentation(reduction.grid(), task.recipe().heads())),
            task.options().seed(),
            epoch,
            task.options().threads())) {
      while (!batches.done() && (batchCount == 0 || !outOfTime())) {
        stop.check();
        Batch batch = batches.take();
        double done =
            task.options().coarse().progress(step, stepsPerEpoch, task.options().epochs());
        rate = task.options().learningRate().at(Math.max(done, timeUsed()));
        replicas.at(step);
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
    metrics.put("loss", sum / batchCount);
    metrics.put("learning_rate", rate);
    metrics.put("gradient_norm", norm);
    double[] perHead = trainingStep.headLosses();
    for (int h = 0; h < perHead.length; h++) {
      metrics.put(task.recipe().heads().get(h).name() + ".loss", perHead[h]);
    }
    return metrics;
  }

  private HeadScores validate() throws InterruptedException {
    return Predictions.scores(
        task.recipe(),
        task.data().validation(),
        Predictions.logits(
            replicas.network(),
            replicas.manager(),
            reduction,
            task.data().validation(),
            task.options().batchSize(),
            task.options().threads()));
  }

  /**
   * Writes the epoch; the pointer last, so that until then the run stays as it was. Scores of
   * coarse volumes do not compare with those of full ones: until there is one of these, the newest
   * epoch is the best; so it is where the validation split is empty or no label of it is known.
   */
  private void keep(Map<String, Double> metrics, HeadScores validation) throws IOException {
    double score = validation.anyKnown() ? validation.overall() : epoch;
    boolean better = bestEpoch == 0 || score > bestScore + LEAST_GAIN;
    if (better) {
      bestScore = reduction.halved() || Double.isNaN(score) ? bestScore : score;
      bestEpoch = epoch;
      bestMetrics = Map.copyOf(metrics);
    }
    String name = RunFolder.checkpointName(epoch);
    ModelCard card =
        new ModelCard(task.architecture(), task.data(), task.options(), epoch, metrics);
    Checkpoint checkpoint =
        Checkpoint.of(
            task.architecture(),
            card.describe(task.recipe()),
            epoch,
            metrics,
            Weights.copy(replicas.network()));
    Path target = task.folder().resolve(name);
    checkpoint.write(target);
    card.write(target, checkpoint);
    new TrainingState(
            epoch,
            step,
            task.options().seed(),
            bestScore,
            bestEpoch,
            elapsed(),
            task.fingerprint(),
            replicas.optimiserState())
        .write(target);
    RunFolder.write(
        task.folder(), new RunFolder.Pointer(RunFolder.checkpointName(bestEpoch), name));
    RunFolder.prune(task.folder(), List.of(bestEpoch, epoch));
  }
}
