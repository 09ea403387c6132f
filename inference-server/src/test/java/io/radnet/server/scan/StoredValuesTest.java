package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.TestModels;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.SessionFactory;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorType;
import io.radnet.server.model.Work;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that map intensities themselves, as {@code radnet export --preprocess} writes them. */
final class StoredValuesTest {
  private static final long SIDE = TestModels.WINDOW;

  @TempDir private Path folder;
  private ModelRepository repository;
  private ScanInference inference;

  @BeforeEach
  void open() throws IOException {
    TestModels.stored(folder, "stored");
    repository =
        new ModelRepository(
            folder,
            new SessionFactory(SessionSettings.defaults(1)),
            new QueueLimits(4, 1 << 30),
            (name, ready) -> {});
    repository.loadAll();
    inference = new ScanInference(repository, ScanLimits.defaults());
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private ModelLease acquire(String model) {
    return inference.acquire(
        ScanOptions.newBuilder().setModel(model).build(), Recipe.Task.SEGMENTATION);
  }

  @Test
  void takeTensors() {
    Tensor volume = Tensor.allocate("volume", TensorType.INT16, List.of(1L, 1L, SIDE, SIDE, SIDE));
    ShortBuffer values = volume.data().asShortBuffer();
    values.put(0, (short) 600).put(1, (short) -1000);
    try (ModelLease lease = repository.acquire("stored", "")) {
      Work work = new Work(List.of(volume), 0, 0, () -> false, false);
      lease.model().submit(work);
      FloatBuffer logits =
          Objects.requireNonNull(work.result().join().outputs().get("logits")).floats();
      assertThat(logits.get(0)).isCloseTo(-1f, within(1e-4f));
      assertThat(logits.get(1)).isCloseTo(15f, within(1e-4f));
      assertThat(logits.get(2)).isCloseTo(5f, within(1e-4f));
    }
  }

  @Test
  void takeNoScans() {
    for (String model : List.of("stored", "")) {
      assertThatThrownBy(() -> acquire(model))
          .isInstanceOfSatisfying(
              RequestException.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(RequestException.Reason.UNSUPPORTED))
          .hasMessage(
              "model stored: maps intensities itself (export --preprocess), so it takes tensors"
                  + " (ModelInfer) and no scans");
    }
  }

  @Test
  void leaveScansToAnotherModel() throws IOException {
    TestModels.threshold(folder, "bright", 1);
    repository.load("bright");
    try (ModelLease lease = acquire("")) {
      assertThat(lease.model().name()).isEqualTo("bright");
    }
  }
}
