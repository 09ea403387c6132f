package io.radnet.imaging.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecipeJsonTest {
  private static final Recipe RECIPE =
      new Recipe(
          1,
          Recipe.Task.LABELS,
          Recipe.Orientation.ACQUISITION,
          List.of(0.0, 2.5, 2.5),
          List.of(16, 64, 64),
          new Recipe.Intensity(Recipe.Intensity.Kind.PERCENTILE, 0.5, 99.5),
          new Recipe.SlidingWindowSpec(0.5, 0.125),
          List.of(
              new Recipe.Head(
                  "view", Recipe.Head.Activation.SOFTMAX, List.of("axial", "coronal", "sagittal"))),
          List.of(),
          64,
          "test",
          "none",
          Map.of("seed", "1"));

  @Test
  void roundTrip() {
    String json = RecipeJson.write(RECIPE);
    assertThat(RecipeJson.read(json, "here")).isEqualTo(RECIPE);
    assertThat(RecipeJson.write(RecipeJson.read(json, "here"))).isEqualTo(json);
    assertThat(json).contains("\"spacing_mm\":[0.0,2.5,2.5]", "\"gaussian_sigma\":0.125");
  }

  @Test
  void everyFieldIsNeeded() {
    String json = RecipeJson.write(RECIPE);
    for (String field :
        List.of("\"embedding_size\":64,", "\"task\":\"LABELS\",", ",\"gaussian_sigma\":0.125")) {
      assertThat(json).contains(field);
      String name = field.replaceAll(".*\"([a-z_]+)\":.*", "$1");
      assertThatThrownBy(() -> RecipeJson.read(json.replace(field, ""), "model.onnx"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("model.onnx: recipe ")
          .hasMessageEndingWith(name + ": missing");
    }
  }

  @Test
  void unknownFieldsWrongTypesAndRangesAreNamed() {
    String json = RecipeJson.write(RECIPE);
    refused(json.replace("\"task\"", "\"colour\":1,\"task\""), "colour");
    refused(json.replace("\"grid\":[16,", "\"grid\":[16.5,"), "grid[0]");
    refused(json.replace("\"grid\":[16,", "\"grid\":[0,"), "grid");
    refused(json.replace("\"LABELS\"", "\"DREAMS\""), "task");
    refused(json.replace("\"format_version\":1", "\"format_version\":4"), "format");
    refused(json.replace("\"overlap\":0.5", "\"overlap\":0.95"), "overlap");
    refused(json.replace("\"heads\":[", "\"heads\":null,\"x\":["), "heads");
    refused(json + "{}", "recipe");
    refused("no json", "recipe");
    refused("", "recipe");
  }

  private static void refused(String json, String named) {
    assertThatThrownBy(() -> RecipeJson.read(json, "model.onnx"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("model.onnx: recipe")
        .hasMessageContaining(named);
  }
}
