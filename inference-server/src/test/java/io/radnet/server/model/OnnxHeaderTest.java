package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.server.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model says of itself that cannot be served. */
final class OnnxHeaderTest {
  @Test
  void namesATypeThatIsNotServed(@TempDir Path folder) throws IOException {
    Path file = TestModels.identity(folder, "text", TensorProto.DataType.STRING_VALUE);
    assertThatThrownBy(() -> OnnxHeader.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tensor x: ONNX type STRING (expected: one of [BOOL, UINT8, UINT16,");
  }
}
