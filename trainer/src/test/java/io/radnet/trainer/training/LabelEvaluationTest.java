package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.SyntheticSeries;
import io.radnet.trainer.network.Preset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelEvaluationTest {
  private static final Recipe RECIPE = Preset.TINY.labelRecipe();

  /** Of the first three series, only the third has the third view and the third region. */
  @Test
  void aClassThatTrainingLacksCannotBeLearned() {
    List<Sample> three = SyntheticSeries.samples(List.of(2, 4, 4), RECIPE.heads(), 3, 1);
    String view = RECIPE.heads().get(2).classes().get(2);
    String region = RECIPE.heads().get(4).classes().get(2);
    Sample third = three.get(2);
    LabelDataSet data =
        new LabelDataSet(three.subList(0, 2), List.of(third), List.of(third), 3, List.of());

    assertThat(LabelEvaluation.unlearnable(RECIPE, data))
        .containsExactly(
            "warning: view "
                + view
                + ": in 2 held-out series but in no training series; it cannot be learned",
            "warning: regions "
                + region
                + ": in 2 held-out series but in no training series; it cannot be learned");
    assertThat(
            LabelEvaluation.unlearnable(
                RECIPE, new LabelDataSet(three, three, three, 3, List.of())))
        .isEmpty();
  }
}
