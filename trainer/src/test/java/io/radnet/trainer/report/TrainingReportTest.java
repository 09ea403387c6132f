package io.radnet.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.Target;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.training.LabelEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingReportTest {
  private static final Recipe RECIPE = Preset.TINY.labelRecipe();

  /**
   * Four series whose header says CT; the network says CT, CT, MR, CT with probability 0.9 each,
   * and is right about the brain only.
   */
  private static LabelEvaluation evaluation() {
    List<Sample> samples = new ArrayList<>();
    List<float[][]> logits = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      float[][] values = new float[RECIPE.heads().size()][];
      boolean[] known = new boolean[values.length];
      float[][] answers = new float[values.length][];
      for (int h = 0; h < values.length; h++) {
        Head head = RECIPE.heads().get(h);
        values[h] = new float[head.classes().size()];
        answers[h] = new float[head.classes().size()];
        known[h] = !head.name().equals("contrast");
        values[h][0] = 1;
        java.util.Arrays.fill(answers[h], -3);
        answers[h][0] = 3;
      }
      // Three classes: e^x / (e^x + 2) = 0.9.
      float sure = (float) Math.log(18);
      answers[0] = n == 2 ? new float[] {0, sure, 0} : new float[] {sure, 0, 0};
      int voxels = RECIPE.grid().stream().reduce(1, Math::multiplyExact);
      samples.add(
          new Sample(
              "series/<" + n + ">",
              "1." + n,
              () -> new float[voxels],
              new Target(values, known),
              1));
      logits.add(answers);
    }
    return new LabelEvaluation(RECIPE, samples, logits);
  }

  @Test
  void calibrationComparesProbabilityAndShareOfRightAnswers() {
    Calibration calibration = Calibration.of(evaluation(), RECIPE.heads().get(0));
    assertThat(calibration.bins()).hasSize(1);
    assertThat(calibration.bins().get(0).answers()).isEqualTo(4);
    assertThat(calibration.bins().get(0).right()).isEqualTo(0.75);
    assertThat(calibration.error()).isCloseTo(0.15, within(1e-6));
  }

  /** Between two sequences the network wavers; that it is not the header's it knows. */
  @Test
  void aHeaderIsContradictedByAllOtherClassesTogether() {
    LabelEvaluation given = evaluation();
    List<float[][]> logits = new ArrayList<>();
    int sequence = RECIPE.heads().stream().map(Head::name).toList().indexOf("sequence");
    int classes = RECIPE.heads().get(sequence).classes().size();
    for (int i = 0; i < given.samples().size(); i++) {
      float[][] copy = given.logits().get(i).clone();
      copy[sequence] = new float[classes];
      int said = given.samples().get(i).target().classOf(sequence);
      copy[sequence][(said + 1) % classes] = 8;
      copy[sequence][(said + 2) % classes] = 8;
      logits.add(copy);
    }
    LabelEvaluation wavering = new LabelEvaluation(RECIPE, given.samples(), logits);
    assertThat(wavering.answers("sequence"))
        .isNotEmpty()
        .allSatisfy(answer -> assertThat(answer.probability()).isLessThan(0.51));
    assertThat(wavering.disagreements(0.99))
        .extracting(LabelEvaluation.Disagreement::head)
        .contains("sequence");
  }

  /** The header names the brain only: the liver that pixels show contradicts nothing. */
  @Test
  void aRegionThatTheHeaderDoesNotNameIsNotDenied() {
    LabelEvaluation given = evaluation();
    List<float[][]> logits = new ArrayList<>();
    int regions = RECIPE.heads().stream().map(Head::name).toList().indexOf("regions");
    int liver = RECIPE.heads().get(regions).classes().indexOf("liver");
    for (float[][] answers : given.logits()) {
      float[][] copy = answers.clone();
      copy[regions] = answers[regions].clone();
      copy[regions][liver] = 6;
      logits.add(copy);
    }
    assertThat(new LabelEvaluation(RECIPE, given.samples(), logits).disagreements(0.85))
        .extracting(found -> found.head() + " of " + found.seriesUid())
        .containsExactly("modality of 1.2");
    logits.get(1)[regions][0] = -6;
    assertThat(new LabelEvaluation(RECIPE, given.samples(), logits).disagreements(0.85))
        .extracting(found -> found.header() + ", " + found.pixels())
        .containsExactly("brain, no brain", "CT, MR");
  }

  @Test
  void thePageStandsAloneAndShowsWhatWasWrong(@TempDir Path folder) throws IOException {
    Path file = folder.resolve(TrainingReport.FILE);
    List<Map<String, Double>> epochs =
        List.of(
            Map.of("epoch", 1.0, "loss", 4.0, "modality.accuracy", 0.5),
            Map.of("epoch", 2.0, "loss", 3.0, "modality.accuracy", 0.75));
    TrainingReport.write(file, epochs, "test", evaluation());
    String page = Files.readString(file);
    assertThat(page)
        .contains("4 series of the test split")
        .contains("75.0 %")
        .contains("15.0 %")
        .contains("header CT, pixels MR (0.90)<br>series/&lt;2&gt;")
        .contains("No answer was wrong.")
        .contains("data:image/png;base64,")
        .contains("aria-label=\"training loss\"")
        .doesNotContain("<h2>contrast") // nothing is known of it
        .doesNotContain("NaN")
        .doesNotContain("http");
    TrainingReport.write(folder.resolve("again"), epochs, "test", evaluation());
    assertThat(Files.readString(folder.resolve("again"))).isEqualTo(page);
  }

  @Test
  void thePageNamesTheUidWhereSeveralSeriesShareAPath(@TempDir Path folder) throws IOException {
    LabelEvaluation given = evaluation();
    List<Sample> mixed =
        given.samples().stream()
            .map(each -> new Sample(".", each.seriesUid(), each.input(), each.target(), 1))
            .toList();
    Path file = folder.resolve(TrainingReport.FILE);
    TrainingReport.write(
        file,
        List.of(Map.of("epoch", 1.0, "loss", 4.0)),
        "test",
        new LabelEvaluation(RECIPE, mixed, given.logits()));
    assertThat(Files.readString(file)).contains("header CT, pixels MR (0.90)<br>. 1.2");
  }
}
