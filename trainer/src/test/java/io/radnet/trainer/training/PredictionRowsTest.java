package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.SyntheticSeries;
import io.radnet.trainer.network.Preset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PredictionRowsTest {
  @Test
  void oneRowPerSeriesWithAProbabilityPerClass(@TempDir Path folder) throws Exception {
    Recipe recipe = Preset.TINY.labelRecipe();
    List<Sample> samples = SyntheticSeries.samples(List.of(2, 4, 4), recipe.heads(), 2, 1);
    Sample mixed = samples.get(1);
    samples.set(1, new Sample(".", "1.2.3", mixed.input(), mixed.target(), 1));
    float[][] logits = new float[recipe.heads().size()][];
    for (int h = 0; h < logits.length; h++) {
      logits[h] = new float[recipe.heads().get(h).classes().size()];
    }
    logits[0][1] = (float) Math.log(8); // modality: CT 1, MR 8, PT 1
    logits[4][5] = (float) Math.log(3); // regions: liver 3 to 1
    logits[5][0] = (float) Math.log(2.5); // spacing
    Path file = folder.resolve("predictions.jsonl");
    PredictionRows.write(file, new LabelEvaluation(recipe, samples, List.of(logits, logits)));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    JsonNode row = new ObjectMapper().readTree(lines.get(1));
    assertThat(row.path("path").asText()).isEqualTo(".");
    assertThat(row.path("series_uid").asText()).isEqualTo("1.2.3");
    assertThat(new ObjectMapper().readTree(lines.get(0)).has("series_uid")).isFalse();
    assertThat(row.path("modality").path("MR").asDouble()).isCloseTo(0.8, within(1e-6));
    assertThat(row.path("modality").path("PT").asDouble()).isCloseTo(0.1, within(1e-6));
    assertThat(row.path("regions").path("liver").asDouble()).isCloseTo(0.75, within(1e-6));
    assertThat(row.path("regions").path("brain").asDouble()).isEqualTo(0.5);
    assertThat(row.path("spacing_mm").asDouble()).isCloseTo(2.5, within(1e-6));
  }
}
