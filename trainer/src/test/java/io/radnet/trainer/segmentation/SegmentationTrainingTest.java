package io.radnet.trainer.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.Hardware;
import io.radnet.trainer.training.LearningRate;
import io.radnet.trainer.training.MetricsLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentationTrainingTest {
  private static FinetuneOptions options(int steps) {
    return new FinetuneOptions(
        steps,
        4,
        new LearningRate(5e-3, 0.1),
        new EncoderSchedule(0.2, 0.3),
        0.01,
        1,
        2,
        3,
        Double.POSITIVE_INFINITY,
        Hardware.single(Devices.CPU));
  }

  @Test
  void learnsToSegmentFromScratch(@TempDir Path folder) throws Exception {
    List<SegmentationSample> held = Balls.samples(2, 2);
    SegmentationTraining.Outcome outcome =
        new SegmentationTraining(
                folder,
                Balls.SIZES,
                Balls.recipe(),
                Optional.empty(),
                Balls.samples(4, 1),
                held,
                options(80))
            .run(false);
    assertThat(outcome.best().meanDice()).isGreaterThan(0.85);
    Checkpoint kept = Checkpoint.read(folder);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      SegmentationScores again =
          SegmentationScores.of(kept.load(manager).network(), manager, kept.recipe(), held);
      assertThat(again.meanDice()).isEqualTo(outcome.best().meanDice());
    }
  }

  /** Two classes, and each step's windows shared by two copies that take theirs one by one. */
  @Test
  void learnsSeveralClassesOnSeveralDevices(@TempDir Path folder) throws Exception {
    FinetuneOptions single = options(160);
    SegmentationTraining.Outcome outcome =
        new SegmentationTraining(
                folder,
                Balls.SIZES,
                Balls.recipe(List.of("background", "shell", "core")),
                Optional.empty(),
                Balls.shells(4, 1),
                Balls.shells(2, 2),
                new FinetuneOptions(
                    single.steps(),
                    single.batchSize(),
                    single.learningRate(),
                    single.encoder(),
                    single.weightDecay(),
                    single.maximumNorm(),
                    single.validations(),
                    single.seed(),
                    single.maximumSeconds(),
                    new Hardware(Devices.CPU, 2, 2)))
            .run(false);
    assertThat(outcome.best().metrics().get("shell.dice")).isGreaterThan(0.6);
    assertThat(outcome.best().metrics().get("core.dice")).isGreaterThan(0.7);
  }

  @Test
  void aBackboneStaysFrozenAtFirst(@TempDir Path folder) throws Exception {
    Checkpoint backbone = Balls.backbone(9);
    new SegmentationTraining(
            folder,
            Balls.SIZES,
            Balls.recipe(),
            Optional.of(backbone),
            Balls.samples(2, 1),
            List.of(),
            new FinetuneOptions(
                3,
                2,
                new LearningRate(5e-3, 0),
                new EncoderSchedule(0.99, 0.3),
                0.01,
                1,
                1,
                3,
                Double.POSITIVE_INFINITY,
                Hardware.single(Devices.CPU)))
        .run(false);
    Checkpoint trained = Checkpoint.read(folder);
    assertThat(trained.weights().get("encoder.stem.weight"))
        .isEqualTo(backbone.weights().get("encoder.stem.weight"));
    assertThat(trained.weights().get("decoder.classes.weight"))
        .isNotEqualTo(
            Checkpoint.initial(Balls.SIZES, Balls.recipe(), 3)
                .weights()
                .get("decoder.classes.weight"));
  }

  private static SegmentationTraining resumable(Path folder, Checkpoint backbone, int steps) {
    return new SegmentationTraining(
        folder,
        Balls.SIZES,
        Balls.recipe(),
        Optional.of(backbone),
        Balls.samples(3, 1),
        Balls.samples(2, 2),
        options(steps));
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheSameWeights(@TempDir Path whole, @TempDir Path stopped)
      throws Exception {
    Checkpoint backbone = Balls.backbone(9);
    SegmentationTraining.Outcome expected = resumable(whole, backbone, 48).run(false);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<SegmentationTraining.Outcome> running =
          thread.submit(() -> resumable(stopped, backbone, 48).run(false));
      while (RunFolder.pointer(stopped).isEmpty() && !running.isDone()) {
        LockSupport.parkNanos(1_000_000);
      }
      running.cancel(true);
    } finally {
      thread.shutdownNow();
      assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThatThrownBy(() -> resumable(stopped, backbone, 49).run(true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cannot resume with other options");
    // As after a kill between a row and its checkpoint: rows that are newer than the last one.
    Files.copy(
        whole.resolve("metrics.jsonl"),
        stopped.resolve("metrics.jsonl"),
        StandardCopyOption.REPLACE_EXISTING);
    SegmentationTraining.Outcome resumed = resumable(stopped, backbone, 48).run(true);
    assertThat(resumed.steps()).isEqualTo(expected.steps());
    assertThat(resumed.best().metrics()).isEqualTo(expected.best().metrics());
    assertThat(last(stopped).weightsSha256()).isEqualTo(last(whole).weightsSha256());
    assertThat(Files.readString(stopped.resolve("metrics.jsonl")))
        .isEqualTo(Files.readString(whole.resolve("metrics.jsonl")));
  }

  /** What cannot be written is the checkpoint: a file lies where its folder belongs. */
  @Test
  void aRowIsWrittenBeforeItsCheckpoint(@TempDir Path folder) throws Exception {
    Path target = folder.resolve(RunFolder.checkpointName(1));
    Files.createDirectories(target.getParent());
    Files.createFile(target);
    assertThatThrownBy(() -> resumable(folder, Balls.backbone(9), 1).run(false));
    assertThat(MetricsLog.read(folder)).hasSize(1);

    Files.delete(target);
    resumable(folder, Balls.backbone(9), 1).run(true);
    assertThat(MetricsLog.read(folder))
        .hasSize(1)
        .allSatisfy(row -> assertThat(row).containsEntry("epoch", 1.0).containsEntry("step", 1.0));
  }

  private static Checkpoint last(Path run) {
    return Checkpoint.read(run.resolve(RunFolder.pointer(run).orElseThrow().last()));
  }

  @Test
  void refusesABackboneOfOtherSizes(@TempDir Path folder) {
    Checkpoint backbone = Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1);
    assertThatThrownBy(
            () ->
                new SegmentationTraining(
                        folder,
                        Balls.SIZES,
                        Balls.recipe(),
                        Optional.of(backbone),
                        Balls.samples(1, 1),
                        List.of(),
                        options(2))
                    .run(false))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another architecture");
  }

  @Test
  void windowsDependOnSeedAndStepOnly() {
    PatchSampler one = new PatchSampler(Balls.samples(2, 1), List.of(8, 16, 16), 2, 7);
    PatchSampler two = new PatchSampler(Balls.samples(2, 1), List.of(8, 16, 16), 2, 7);
    two.draw(0, 2);
    assertThat(two.draw(5, 2).labels()).isEqualTo(one.draw(5, 2).labels());
    assertThat(one.draw(6, 2).labels()).isNotEqualTo(one.draw(5, 2).labels());
  }
}
