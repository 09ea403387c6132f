package io.radnet.trainer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A label network's answers as JSON Lines, one object per series: its {@code path} and {@code
 * series_uid} as in the label file (a UID that is not known is left out), then for each head the
 * probability of every class (softmax heads sum to 1, sigmoid heads have one yes per class). A
 * linear head is in mm of the series.
 */
public final class PredictionRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PredictionRows() {}

  /** Writes one row per series of {@code evaluation}, in its order. */
  public static void write(Path file, LabelEvaluation evaluation) throws IOException {
    AtomicFiles.write(
        file,
        out -> {
          for (int i = 0; i < evaluation.samples().size(); i++) {
            out.write(
                (JSON.writeValueAsString(row(evaluation, i)) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private static ObjectNode row(LabelEvaluation evaluation, int index) {
    ObjectNode row = JSON.createObjectNode();
    Sample sample = evaluation.samples().get(index);
    row.put("path", sample.name());
    if (!sample.seriesUid().isEmpty()) {
      row.put("series_uid", sample.seriesUid());
    }
    float[][] logits = evaluation.logits().get(index);
    for (int h = 0; h < logits.length; h++) {
      Head head = evaluation.recipe().heads().get(h);
      if (head.activation() == Head.Activation.LINEAR) {
        row.put(head.name() + "_mm", (float) (Math.exp(logits[h][0]) / sample.spacingFactor()));
        continue;
      }
      ObjectNode classes = row.putObject(head.name());
      for (int c = 0; c < logits[h].length; c++) {
        double probability =
            head.activation() == Head.Activation.SOFTMAX
                ? LabelEvaluation.softmax(logits[h], c)
                : 1 / (1 + Math.exp(-logits[h][c]));
        classes.put(head.classes().get(c), (float) probability);
      }
    }
    return row;
  }
}
