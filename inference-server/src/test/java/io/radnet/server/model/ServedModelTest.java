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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a session whose model does not come to serve, or is not served any more. */
final class ServedModelTest {
  private static final QueueLimits LIMITS = new QueueLimits(4, 1 << 20);

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
}
