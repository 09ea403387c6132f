package io.radnet.trainer.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.checkpoint.Sha256;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Networks;
import io.radnet.trainer.network.Weights;
import io.radnet.trainer.training.DataDigest;
import io.radnet.trainer.training.MetricsLog;
import io.radnet.trainer.training.Replicas;
import io.radnet.trainer.training.StepGuard;
import io.radnet.trainer.training.StopSignal;
import io.radnet.trainer.training.TrainingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a segmentation network. With a backbone the encoder starts from its weights, which stay
 * frozen at first and then learn at a lower rate; its running statistics follow the new data from
 * the start. Without one all weights are random and learn alike.
 */
public final class SegmentationTraining {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentationTraining.class);

  private final Path folder;
  private final Architecture architecture;
  private final Recipe recipe;
  private final Optional<Checkpoint> backbone;
  private final List<SegmentationSample> train;
  private final List<SegmentationSample> validation;
  private final FinetuneOptions options;
  private final EncoderStart encoder;

  /**
   * What a run came to.
   *
   * @param steps optimiser steps
   * @param best overlap of the kept network on the validation split
   * @param seconds of the run
   * @param windowsPerSecond training windows per second, validation left out
   */
  public record Outcome(
      int steps, SegmentationScores best, double seconds, double windowsPerSecond) {}

  /**
   * @param folder of the run
   * @param architecture the sizes; those of the backbone where there is one
   * @param recipe a segmentation recipe
   * @param backbone the network to start from
   * @param train at least one scan
   * @param validation scans to choose the best network by; may be empty
   */
  public SegmentationTraining(
      Path folder,
      Architecture architecture,
      Recipe recipe,
      Optional<Checkpoint> backbone,
      List<SegmentationSample> train,
      List<SegmentationSample> validation,
      FinetuneOptions options) {
    if (train.isEmpty()) {
      throw new InvalidInputException("training split", "scans: 0 (expected: >= 1)");
    }
    this.folder = folder;
    this.architecture = architecture;
    this.recipe = recipe;
    this.backbone = backbone;
    this.train = List.copyOf(train);
    this.validation = List.copyOf(validation);
    this.options = options;
    this.encoder = new EncoderStart(backbone, options.seed());
  }

  /** The options that decide the weights, as text. */
  private String fingerprint() {
    return String.format(
        Locale.ROOT,
        "network %s, backbone %s%s, scans %d (digest %s), steps %d, batch %d%s, learning rate %s, weight decay"
            + " %s, seed %d",
        architecture.name(),
        backbone.map(Checkpoint::weightsSha256).orElse("none"),
        backbone.isEmpty()
            ? ""
            : " frozen for "
                + options.encoder().frozenShare()
                + " then at "
                + options.encoder().rateShare(),
        train.size(),
        DataDigest.of(
            recipe,
            train.stream()
                .map(scan -> scan.name() + Sha256.of(ByteBuffer.wrap(scan.mask().labels())))),
        options.steps(),
        options.batchSize(),
        options.hardware().parts() == 1 ? "" : " in " + options.hardware().parts() + " parts",
        options.learningRate().peak(),
        options.weightDecay(),
        options.seed());
  }

  /**
   * Trains to the end and keeps the network with the best validation Dice.
   *
   * @param resume continue after the last checkpoint in the folder, where there is one
   * @throws InvalidInputException where the loss is no number, or the folder cannot be resumed; the
   *     last good checkpoint stays
   */
  public Outcome run(boolean resume) throws IOException, InterruptedException {
    Optional<RunFolder.Pointer> earlier = resume ? RunFolder.pointer(folder) : Optional.empty();
    Weights.Source source =
        earlier
            .map(pointer -> Checkpoint.read(folder.resolve(pointer.last())).source())
            .orElseGet(encoder::source);
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
        loop.restore(TrainingState.read(folder.resolve(earlier.get().last())));
      }
      return loop.run();
    }
  }

  private final class Loop {
    private final Replicas replicas;
    private final StopSignal stop;
    private final PatchSampler sampler;
    private final SegmentationCheckpoints checkpoints;
    private final StepGuard guard = new StepGuard();
    private final long start = System.nanoTime();
    private double earlierSeconds;
    private double validationSeconds;
    private int step;
    private int firstStep;
    private double lossSum;
    private int lossCount;

    private Loop(Replicas replicas, StopSignal stop) {
      this.stop = stop;
      this.replicas = replicas;
      this.sampler = new PatchSampler(train, recipe.grid(), recipe.labels().size(), options.seed());
      this.checkpoints =
          new SegmentationCheckpoints(
              folder, architecture, recipe, backbone, train, validation, options, fingerprint());
    }

    private void restore(TrainingState state) {
      checkpoints.restore(state);
      replicas.restoreOptimiser(state.optimiser());
      step = Math.toIntExact(state.step());
      firstStep = step;
      earlierSeconds = state.elapsedSeconds();
    }

    private double elapsed() {
      return earlierSeconds + (System.nanoTime() - start) / 1e9;
    }

    private double progress() {
      return Math.max((double) step / options.steps(), elapsed() / options.maximumSeconds());
    }

    private double windowsPerSecond() {
      return (step - firstStep)
          * options.batchSize()
          / (elapsed() - earlierSeconds - validationSeconds);
    }

    private Outcome run() throws IOException, InterruptedException {
      MetricsLog log = new MetricsLog(folder, "step", step);
      boolean frozen = false;
      ExecutorService ahead = Executors.newSingleThreadExecutor();
      try (Progress bar = Progress.start("finetune", " steps", options.steps() - step)) {
        Future<PatchSampler.Patches> next = draw(ahead, step);
        while (step < options.steps() && (step == 0 || progress() < 1)) {
          boolean freeze = backbone.isPresent() && progress() < options.encoder().frozenShare();
          if (freeze != frozen) {
            encoder.freeze(replicas, freeze);
            frozen = freeze;
          }
          stop.check();
          PatchSampler.Patches patches = take(next);
          next = draw(ahead, step + 1);
          learn(patches);
          step++;
          bar.step();
          bar.message(
              String.format(
                  Locale.ROOT,
                  "loss %.3f  best Dice %.3f  %.0f windows/s",
                  lossSum / lossCount,
                  Math.max(0, checkpoints.bestScore()),
                  windowsPerSecond()));
          boolean last = step == options.steps() || progress() >= 1;
          if (checkpoints.due(progress(), last)) {
            keep(log, last);
          }
        }
      } finally {
        ahead.shutdownNow();
      }
      return new Outcome(step, checkpoints.best(replicas.manager()), elapsed(), windowsPerSecond());
    }

    /** Writes a checkpoint, after a validation where one is due. */
    private void keep(MetricsLog log, boolean last) throws IOException {
      Map<String, Double> metrics = new TreeMap<>();
      metrics.put("step", (double) step);
      metrics.put("loss", lossSum / Math.max(1, lossCount));
      Optional<SegmentationScores> scores = Optional.empty();
      if (checkpoints.validationDue(last)) {
        long began = System.nanoTime();
        SegmentationScores found =
            SegmentationScores.of(replicas.network(), replicas.manager(), recipe, validation);
        validationSeconds += (System.nanoTime() - began) / 1e9;
        metrics.putAll(found.metrics());
        if (validation.isEmpty()) {
          metrics.remove("score");
        }
        scores = Optional.of(found);
      }
      lossSum = 0; // a resumed run starts counting at a checkpoint too
      lossCount = 0;
      // First, so that a kill between the two loses no row: a resumed run drops rows that are newer
      // than its checkpoint.
      if (scores.isPresent()) {
        log.append(checkpoints.nextRound(), metrics);
      }
      checkpoints.write(replicas, metrics, scores, step, elapsed());
      if (scores.isPresent()) {
        LOG.info("step {}: {}", step, metrics);
      }
    }

    private Future<PatchSampler.Patches> draw(ExecutorService ahead, int number) {
      return ahead.submit(() -> sampler.draw(number, options.batchSize()));
    }

    private PatchSampler.Patches take(Future<PatchSampler.Patches> next)
        throws InterruptedException {
      try {
        return next.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a window could not be drawn", e.getCause());
      }
    }

    private void learn(PatchSampler.Patches patches) {
      List<Replicas.Part> parts = new ArrayList<>();
      for (PatchSampler.Patches part : patches.parts(options.hardware().parts())) {
        parts.add(
            new Replicas.Part(
                (double) part.count() / patches.count(),
                (network, store, manager) -> evaluate(part, network, store, manager)));
      }
      double rate = options.learningRate().at(progress());
      double encoderRate = backbone.isPresent() ? rate * options.encoder().rateShare() : rate;
      replicas.at(step);
      Replicas.Result result =
          replicas.step(
              parts, path -> EncoderStart.owns(path) ? encoderRate : rate, options.maximumNorm());
      guard.check(result.loss(), result.gradientNorm(), "step " + step);
      lossSum += result.loss();
      lossCount++;
    }

    private NDArray evaluate(
        PatchSampler.Patches part, Block network, ParameterStore store, NDManager manager) {
      List<Integer> grid = recipe.grid();
      Shape shape = new Shape(part.count(), 1, grid.get(0), grid.get(1), grid.get(2));
      NDArray input = manager.create(part.volumes(), shape, DataType.FLOAT32);
      NDArray logits = network.forward(store, new NDList(input), true).singletonOrThrow();
      return DiceCrossEntropy.evaluate(logits, part.labels());
    }
  }
}
