package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.server.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs a model makes before it serves. */
final class WarmUpTest {
  @TempDir private Path models;

  private List<Long> batches(int largest, long nanosPerRun) throws IOException {
    Path file = TestModels.threshold(models, "bright", largest);
    OnnxHeader header = OnnxHeader.read(file);
    List<Long> batches = new ArrayList<>();
    WarmUp.run(
        header,
        header.recipe(file),
        ModelFolder.read(models.resolve("bright")).config(),
        inputs -> {
          batches.add(inputs.get(0).batch());
          assertThat(inputs.get(0).shape().subList(1, 5)).containsExactly(1L, 16L, 16L, 16L);
          return nanosPerRun;
        });
    return batches;
  }

  @Test
  void runsAloneAndAsTheLargestBatch() throws IOException {
    assertThat(batches(4, 1000)).containsExactly(1L, 1L, 4L);
  }

  @Test
  void runsOnceWhereTheModelTakesOneAtATime() throws IOException {
    assertThat(batches(1, 1000)).containsExactly(1L);
    assertThat(batches(0, 1000)).containsExactly(1L);
  }

  @Test
  void leavesALargeBatchOutThatWouldHoldUpTheStart() throws IOException {
    assertThat(batches(4, TimeUnit.SECONDS.toNanos(3))).containsExactly(1L, 1L);
  }

  /** A batch that fails costs a warning, a first run that fails the model. */
  @Test
  void aLargestBatchThatFailsDoesNotKeepTheModelFromServing() throws IOException {
    Path file = TestModels.threshold(models, "bright", 4);
    OnnxHeader header = OnnxHeader.read(file);
    var config = ModelFolder.read(models.resolve("bright")).config();
    for (int limit = 0; limit < 2; limit++) {
      long most = limit;
      Runnable run =
          () ->
              WarmUp.run(
                  header,
                  java.util.Optional.empty(),
                  config,
                  inputs -> {
                    if (inputs.get(0).batch() > most) {
                      throw new IllegalStateException("too large");
                    }
                    return 1;
                  });
      if (most == 1) {
        run.run();
      } else {
        assertThatThrownBy(run::run).hasMessage("too large");
      }
    }
  }
}
