package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.SyntheticSeries;
import io.radnet.trainer.data.Target;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Preset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LabelTrainingTest {
  private static final Architecture SIZES =
      new Architecture("test", List.of(1, 1), List.of(4, 8), 2, 8, List.of(3, 3, 3), 16);

  private static Recipe recipe() {
    Recipe tiny = Preset.TINY.labelRecipe();
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

  private static LabelDataSet data() {
    Recipe recipe = recipe();
    return new LabelDataSet(
        SyntheticSeries.samples(recipe.grid(), recipe.heads(), 96, 1),
        SyntheticSeries.samples(recipe.grid(), recipe.heads(), 36, 2),
        List.of(),
        132,
        List.of());
  }

  private static TrainingOptions options(int epochs, double rate) {
    return options(epochs, rate, CoarseStart.NONE);
  }

  private static TrainingOptions options(int epochs, double rate, CoarseStart coarse) {
    return options(epochs, rate, coarse, epochs, Double.POSITIVE_INFINITY);
  }

  private static TrainingOptions options(
      int epochs, double rate, CoarseStart coarse, int patience, double maximumSeconds) {
    return new TrainingOptions(
        epochs,
        8,
        new LearningRate(rate, 0.1),
        0.01,
        1,
        HeadWeights.EQUAL,
        coarse,
        patience,
        5,
        maximumSeconds,
        Hardware.single(Devices.CPU),
        2);
  }

  private static LabelTraining training(Path folder, TrainingOptions options) {
    return new LabelTraining(folder, SIZES, recipe(), data(), options);
  }

  @Test
  void learnsWhatCanBeSeen(@TempDir Path folder) throws Exception {
    LabelTraining.Outcome outcome = training(folder, options(30, 5e-3)).run(false);
    assertThat(outcome.bestMetrics().get("view.accuracy")).isGreaterThan(0.9);
    assertThat(outcome.bestMetrics().get("modality.accuracy")).isGreaterThan(0.9);
    assertThat(outcome.bestMetrics()).doesNotContainKey("contrast.accuracy");
    Checkpoint best = Checkpoint.read(folder);
    assertThat(best.epoch()).isEqualTo(outcome.bestEpoch());
    assertThat(best.recipe().trainingSummary()).contains("96 series");
    assertThat(Files.readAllLines(folder.resolve(MetricsLog.FILE))).hasSize(outcome.epochs());
    assertThat(
            folder.resolve(RunFolder.pointer(folder).orElseThrow().best()).resolve(ModelCard.FILE))
        .content()
        .contains("Not for clinical use");
  }

  @Test
  void firstLearnsFromCoarseVolumes(@TempDir Path folder) throws Exception {
    LabelTraining.Outcome outcome =
        training(folder, options(20, 5e-3, new CoarseStart(0.8))).run(false);
    assertThat(outcome.bestMetrics().get("view.accuracy")).isGreaterThan(0.9);
    assertThat(outcome.bestEpoch()).isGreaterThan(16);
    List<String> rows = Files.readAllLines(folder.resolve(MetricsLog.FILE));
    assertThat(rows.subList(0, 16)).allMatch(row -> row.contains("\"coarse\""));
    assertThat(rows.subList(16, 20)).noneMatch(row -> row.contains("\"coarse\""));
  }

  @Test
  void theNewestCoarseEpochCountsAsTheBest(@TempDir Path folder) throws Exception {
    Interrupted dying = new Interrupted(data(), 2);
    assertThatThrownBy(
            () ->
                new LabelTraining(
                        folder,
                        SIZES,
                        recipe(),
                        dying.data(),
                        options(5, 5e-3, new CoarseStart(0.6)))
                    .run(false))
        .hasMessage("killed");
    assertThat(RunFolder.pointer(folder).orElseThrow().best())
        .isEqualTo(RunFolder.checkpointName(2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.75})
  void resumingGivesTheSameWeights(double coarse, @TempDir Path whole, @TempDir Path parts)
      throws Exception {
    TrainingOptions options = options(4, 5e-3, new CoarseStart(coarse));
    training(whole, options).run(false);
    Interrupted dying = new Interrupted(data(), 2);
    assertThatThrownBy(
            () -> new LabelTraining(parts, SIZES, recipe(), dying.data(), options).run(false))
        .hasMessage("killed");
    assertThat(RunFolder.pointer(parts).orElseThrow().last())
        .isEqualTo(RunFolder.checkpointName(2));
    training(parts, options).run(true);
    assertThat(RunFolder.pointer(parts)).isEqualTo(RunFolder.pointer(whole));
    assertThat(last(parts).weightsSha256()).isEqualTo(last(whole).weightsSha256());
    assertThat(last(parts).metrics()).isEqualTo(last(whole).metrics());
  }

  private static Checkpoint last(Path run) {
    return Checkpoint.read(run.resolve(RunFolder.pointer(run).orElseThrow().last()));
  }

  /** A data set whose first series cannot be read after some epochs. */
  private record Interrupted(LabelDataSet whole, int epochs) {
    LabelDataSet data() {
      var first = whole.train().get(0);
      int[] reads = {0};
      var broken =
          new io.radnet.trainer.data.Sample(
              first.name(),
              () -> {
                if (++reads[0] > epochs) {
                  throw new IllegalStateException("killed");
                }
                return first.input().read();
              },
              first.target());
      List<io.radnet.trainer.data.Sample> train = new java.util.ArrayList<>(whole.train());
      train.set(0, broken);
      return new LabelDataSet(train, whole.validation(), whole.test(), 132, List.of());
    }
  }

  @Test
  void aRunWhoseTimeIsOverHasAStepAndACheckpoint(@TempDir Path folder) throws Exception {
    TrainingOptions late = options(5, 5e-3, new CoarseStart(0.6), 5, 1e-9);
    LabelTraining.Outcome outcome = training(folder, late).run(false);
    assertThat(outcome.epochs()).isEqualTo(1);
    assertThat(Checkpoint.read(folder).epoch()).isEqualTo(1);
    assertThat(TrainingState.read(folder.resolve(RunFolder.checkpointName(1))).step()).isEqualTo(1);
    assertThat(MetricsLog.read(folder)).hasSize(1);
    assertThat(training(folder, late).run(true).epochs()).isEqualTo(1);
  }

  @Test
  void theNewestEpochIsTheBestWhereNoValidationLabelIsKnown(@TempDir Path folder) throws Exception {
    LabelDataSet known = data();
    List<io.radnet.trainer.data.Sample> silent =
        known.validation().stream()
            .map(
                sample ->
                    new io.radnet.trainer.data.Sample(
                        sample.name(),
                        sample.input(),
                        new Target(
                            sample.target().values(), new boolean[sample.target().known().length])))
            .toList();
    LabelDataSet data = new LabelDataSet(known.train(), silent, List.of(), 132, List.of());
    LabelTraining.Outcome outcome =
        new LabelTraining(folder, SIZES, recipe(), data, options(2, 5e-3)).run(false);
    assertThat(outcome.bestEpoch()).isEqualTo(2);
    assertThat(Checkpoint.read(folder).epoch()).isEqualTo(2);
  }

  @Test
  void patienceEndsARun(@TempDir Path folder) throws Exception {
    // At such a rate only running statistics change, and the scores with them for a while.
    TrainingOptions impatient = options(60, 1e-12, CoarseStart.NONE, 2, Double.POSITIVE_INFINITY);
    LabelTraining.Outcome outcome = training(folder, impatient).run(false);
    assertThat(outcome.epochs()).isEqualTo(outcome.bestEpoch() + 2).isLessThan(60);
    assertThat(Checkpoint.read(folder).epoch()).isEqualTo(outcome.bestEpoch());
  }

  @Test
  void refusesToResumeWithOtherOptions(@TempDir Path folder) throws Exception {
    training(folder, options(1, 1e-3)).run(false);
    assertThatThrownBy(() -> training(folder, options(2, 1e-3)).run(true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("epochs 2")
        .hasMessageContaining("epochs 1");
  }

  @Test
  void refusesToResumeWithOtherLabels(@TempDir Path folder) throws Exception {
    training(folder, options(1, 1e-3)).run(false);
    LabelDataSet same = data();
    List<io.radnet.trainer.data.Sample> train = new java.util.ArrayList<>(same.train());
    java.util.Collections.swap(train, 0, 1);
    LabelDataSet other =
        new LabelDataSet(train, same.validation(), same.test(), same.patients(), List.of());
    assertThatThrownBy(
            () -> new LabelTraining(folder, SIZES, recipe(), other, options(1, 1e-3)).run(true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("cannot resume")
        .hasMessageContaining("digest");
  }

  @Test
  void aLossThatIsNoNumberKeepsTheLastCheckpoint(@TempDir Path folder) throws Exception {
    training(folder, options(1, 1e-3)).run(false);
    String before = Checkpoint.read(folder).weightsSha256();
    assertThatThrownBy(() -> training(folder, options(3, 1e30)).run(false))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected: finite");
    assertThat(Checkpoint.read(folder).weightsSha256()).isEqualTo(before);
  }

  @Test
  void refusesAnEmptyTrainingSplit(@TempDir Path folder) {
    LabelDataSet empty = new LabelDataSet(List.of(), List.of(), List.of(), 0, List.of());
    assertThatThrownBy(() -> new LabelTraining(folder, SIZES, recipe(), empty, options(1, 1e-3)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("series: 0");
  }

  @Test
  void learningRateRisesAndFalls() {
    LearningRate rate = new LearningRate(1, 0.1);
    assertThat(rate.at(0)).isEqualTo(0.01);
    assertThat(rate.at(0.1)).isEqualTo(1);
    assertThat(rate.at(1)).isCloseTo(0.01, org.assertj.core.data.Offset.offset(1e-9));
  }
}
