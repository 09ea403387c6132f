package io.radnet.benchmarks.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole road in one process, with as few scans and steps as it takes. */
class DemoTest {
  @TempDir private Path folder;

  @Test
  void everyStageRunsAndTheTableIsComplete() throws IOException {
    StringWriter text = new StringWriter();
    DemoPlan plan =
        new DemoPlan(40, 10, 3, new String[] {"--epochs", "2"}, new String[] {"--steps", "4"});

    DemoResult result = new Demo(folder, plan, new PrintWriter(text)).run();

    assertThat(text.toString())
        .contains("$ radnet phantom", "$ radnet label", "$ radnet train", "$ radnet finetune")
        .contains("$ radnet export", "$ radnet serve", "$ radnet embed", "$ radnet segment");
    assertThat(result.headers())
        .containsKeys("modality", "sequence", "view", "contrast", "regions", "spacing");
    assertThat(result.headers().get("modality")).isEqualTo(new HeaderAccuracy.Count(40, 0, 0));
    assertThat(result.headers())
        .hasEntrySatisfying("view", count -> assertThat(count.wrong()).isZero());
    assertThat(result.heads())
        .containsKeys("modality.accuracy", "view.accuracy", "spacing.median_relative_error");
    assertThat(result.dice()).isNotEmpty().allMatch(dice -> dice >= 0 && dice <= 1);
    assertThat(result.parity().values()).isNotEmpty().allMatch(error -> error < 1e-4);
    assertThat(result.embedMilliseconds()).hasSameSizeAs(result.dice());
    assertThat(result.table()).contains("labels from headers", "Dice over gRPC", "latency");
    assertThat(folder.resolve("models/radnet/1/model.onnx")).exists();
    assertThat(folder.resolve("models/radnet/1/model.onnx.sha256"))
        .content()
        .endsWith("  model.onnx\n");
    assertThat(folder.resolve("answers/liver-1.nii.gz")).exists();
  }
}
