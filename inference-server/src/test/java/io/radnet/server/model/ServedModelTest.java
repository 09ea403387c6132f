package io.radnet.server.model;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import io.radnet.imaging.InvalidInputException;
import io.radnet.server.TestModels;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a session whose model does not come to serve, or is not served any more. */
final class ServedModelTest {
  private static final QueueLimits LIMITS = new QueueLimits(20, 1 << 20);

  @TempDir private Path models;
  private final AtomicBoolean closed = new AtomicBoolean();
  private ModelFolder folder;

  @BeforeEach
  void write() throws IOException {
    TestModels.sum(models, "sum");
    folder = ModelFolder.read(models.resolve("sum"));
  }

  /** A session that tells when it is closed; where memory has run out, no run of it ends. */
  private ModelSession session(Path file, OnnxHeader header, boolean memory) {
    Model model = Model.newInstance("model", Device.cpu(), SessionFactory.ENGINE);
    try {
      model.load(file.getParent(), String.valueOf(file.getFileName()));
    } catch (IOException | MalformedModelException unreadable) {
      throw new AssertionError(unreadable);
    }
    Model watched =
        (Model)
            Proxy.newProxyInstance(
                Model.class.getClassLoader(),
                new Class<?>[] {Model.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("getNDManager") && !memory) {
                    throw new OutOfMemoryError("Cannot reserve memory");
                  }
                  closed.compareAndSet(false, method.getName().equals("close"));
                  try {
                    return method.invoke(model, arguments);
                  } catch (InvocationTargetException failure) {
                    throw failure.getCause();
                  }
                });
    return new ModelSession(watched, Provider.CPU, header);
  }

  @Test
  void aFirstRunThatMemoryIsNotEnoughForFreesTheModel() {
    assertThatThrownBy(
            () ->
                ServedModel.open(
                    folder, 1, (file, header, most) -> session(file, header, false), LIMITS))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(closed).isTrue();
  }

  /** Else it would be served under the SHA-256 of the file before. */
  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "model.onnx.data"})
  void aFileThatIsReplacedBetweenItsChecksumAndItsSessionIsNotServed(String name)
      throws IOException {
    Path file = folder.file(1);
    Files.writeString(file.resolveSibling("model.onnx.data"), "weights");
    assertThatThrownBy(
            () ->
                ServedModel.open(
                    folder,
                    1,
                    (opened, header, most) -> {
                      Path replaced = opened.resolveSibling(name);
                      // A field that ONNX does not know: the same model with other bytes.
                      Files.write(replaced, new byte[] {(byte) 0xf8, 1, 0}, APPEND);
                      return session(opened, header, true);
                    },
                    LIMITS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(file + ": replaced while it was loaded; load it again");
    assertThat(closed).isTrue();
  }

  @Test
  void aModelThatIsReplacedIsClosedWhenItsLastUserHasGone() throws Exception {
    ServedModel model =
        ServedModel.open(folder, 1, (file, header, most) -> session(file, header, true), LIMITS);
    assertThat(model.retain()).isTrue();
    model.release();
    assertThat(closed).isFalse();
    assertThat(model.closed()).isNotDone();
    model.release();
    model.closed().get(30, TimeUnit.SECONDS);
    assertThat(closed).isTrue();
    assertThat(model.retain()).isFalse();
  }

  @Test
  void aSwapClosesTheOldModelWhenItsLastUserHasGone() throws Exception {
    try (ModelRepository repository =
        new ModelRepository(
            models, new SessionFactory(SessionSettings.defaults(1)), LIMITS, (name, ready) -> {})) {
      repository.loadAll();
      ServedModel old;
      try (ModelLease lease = repository.acquire("sum", "")) {
        old = lease.model();
        repository.load("sum");
        assertThat(old.closed()).isNotDone();
      }
      old.closed().get(30, TimeUnit.SECONDS);
      try (ModelLease lease = repository.acquire("sum", "")) {
        assertThat(lease.model()).isNotSameAs(old);
        assertThat(sum(lease.model(), 2)).isEqualTo(4);
      }
    }
  }

  @Test
  void twoInstancesRunAtOnce() throws Exception {
    Files.writeString(
        folder.path().resolve("config.pbtxt"), "max_batch_size: 4 instance_group [ { count: 2 } ]");
    ServedModel model =
        ServedModel.open(
            ModelFolder.read(folder.path()),
            1,
            (file, header, most) -> session(file, header, true),
            LIMITS);
    // Each thread of a session completes one result here and waits for the other.
    CyclicBarrier both = new CyclicBarrier(2);
    List<CompletableFuture<Float>> sums = new ArrayList<>();
    for (int value = 1; value <= 20; value++) {
      Work work = twice(value);
      sums.add(
          work.result()
              .thenApply(
                  outcome -> {
                    try {
                      both.await(30, TimeUnit.SECONDS);
                    } catch (Exception alone) {
                      throw new IllegalStateException("alone", alone);
                    }
                    return first(outcome);
                  }));
      model.submit(work);
    }
    for (int value = 1; value <= 20; value++) {
      assertThat(sums.get(value - 1).get(60, TimeUnit.SECONDS)).isEqualTo(2f * value);
    }
    model.release();
    model.closed().get(30, TimeUnit.SECONDS);
    assertThat(closed).isTrue();
  }

  private static float sum(ServedModel model, float value) throws Exception {
    Work work = twice(value);
    model.submit(work);
    return first(work.result().get(30, TimeUnit.SECONDS));
  }

  /** Adds a value to itself. */
  private static Work twice(float value) {
    List<Tensor> inputs = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      Tensor input = Tensor.allocate(name, TensorType.FP32, List.of(1L, 4L));
      input.data().asFloatBuffer().put(0, value);
      inputs.add(input);
    }
    return new Work(inputs, 0, 0, () -> false, false);
  }

  private static float first(Work.Outcome outcome) {
    return Objects.requireNonNull(outcome.outputs().get("y")).floats().get(0);
  }
}
