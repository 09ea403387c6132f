package io.radnet.trainer.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.trainer.training.LabelEvaluation.Disagreement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeaderRowsTest {
  private static final HeaderRows ROWS =
      new HeaderRows(List.of(row(".", "1.1", 0.9), row(".", "1.2", 0.6), row("knee", "1.3", 0.7)));

  private static SeriesLabels row(String path, String uid, double confidence) {
    return new SeriesLabels(
        uid,
        path,
        "CT",
        "none",
        "none",
        "axial",
        false,
        "unknown",
        List.of(),
        5.0,
        "positions",
        true,
        0.0,
        List.of(1.0, 1.0),
        4,
        4,
        1,
        null,
        Map.of("view", new SeriesLabels.Evidence(confidence, List.of())));
  }

  private static Disagreement found(String path, String uid) {
    return new Disagreement(path, uid, "view", "axial", "coronal", 0.95);
  }

  @Test
  void aSeriesOfAMixedFolderHasItsOwnConfidence() {
    assertThat(ROWS.confidence(found(".", "1.1"))).hasValue(0.9);
    assertThat(ROWS.confidence(found(".", "1.2"))).hasValue(0.6);
    assertThat(ROWS.confidence(found("knee", "1.2"))).isEmpty();
  }

  @Test
  void theUidIsNamedOnlyWhereThePathIsShared() {
    assertThat(ROWS.name(found(".", "1.1"))).isEqualTo(". 1.1");
    assertThat(ROWS.name(found(".", "1.2"))).isEqualTo(". 1.2");
    assertThat(ROWS.name(found("knee", "1.3"))).isEqualTo("knee");
  }

  @Test
  void jsonNamesTheSeriesToo() {
    JsonNode known = new ObjectMapper().valueToTree(found(".", "1.1"));
    assertThat(known.path("series").asText()).isEqualTo(".");
    assertThat(known.path("series_uid").asText()).isEqualTo("1.1");
    assertThat(known.has("seriesUid")).isFalse();
    JsonNode unknown = new ObjectMapper().valueToTree(found(".", ""));
    assertThat(unknown.has("series_uid")).isFalse();
  }
}
