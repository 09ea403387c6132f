package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.TestModels;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.SessionFactory;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorType;
import io.radnet.server.model.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that share a run of the network, and requests that do not. */
final class MergingTest {
  private static final int REQUESTS = 4;
  private static final long SIDE = TestModels.WINDOW;

  /** The long delay never passes: a full batch goes at once. */
  @ParameterizedTest
  @CsvSource({"0, 4", "20000000, 1"})
  void aProcessorMergesOnlyWhatMayWait(long delayMicroseconds, int runs, @TempDir Path folder)
      throws IOException {
    TestModels.threshold(folder, "bright", REQUESTS);
    Path config = folder.resolve("bright").resolve("config.pbtxt");
    String text = Files.readString(config);
    assertThat(text).contains("microseconds: 500 ");
    Files.writeString(
        config, text.replace("microseconds: 500 ", "microseconds: " + delayMicroseconds + " "));
    try (ModelRepository repository =
        new ModelRepository(
            folder,
            new SessionFactory(SessionSettings.defaults(1)),
            new QueueLimits(REQUESTS, 1 << 30),
            (name, ready) -> {})) {
      repository.loadAll();
      ScanInference inference = new ScanInference(repository, ScanLimits.defaults());
      try (ModelLease lease =
          inference.acquire(ScanOptions.getDefaultInstance(), Recipe.Task.SEGMENTATION)) {
        long before = runs(lease);
        List<Work> works = Stream.generate(MergingTest::work).limit(REQUESTS).toList();
        works.forEach(lease.model()::submit);
        works.forEach(work -> assertThat(work.result().join().outputs()).containsKey("logits"));
        assertThat(runs(lease) - before).isEqualTo(runs);
      }
    }
  }

  private static Work work() {
    Tensor window = Tensor.allocate("volume", TensorType.FP32, List.of(1L, 1L, SIDE, SIDE, SIDE));
    return new Work(List.of(window), 0, 0, () -> false, false);
  }

  private static long runs(ModelLease lease) {
    return lease.model().counters().toProto("bright", "1").getExecutionCount();
  }
}
