package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are not what was written. The digests are those of {@code sha256sum}. */
final class ModelChecksumTest {
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String OF_DEF =
      "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34";
  private static final String OF_ABCDEF =
      "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";

  @TempDir private Path folder;
  private Path model;
  private Path weights;
  private Path lines;

  @BeforeEach
  void write() throws IOException {
    model = Files.writeString(folder.resolve("model.onnx"), "abc");
    weights = folder.resolve("model.onnx.data");
    lines = folder.resolve("model.onnx.sha256");
  }

  @Test
  void isThatOfTheFile() throws IOException {
    assertThat(ModelChecksum.verify(model)).isEqualTo(OF_ABC);
    Files.writeString(lines, OF_ABC + "  model.onnx\n");
    assertThat(ModelChecksum.verify(model)).isEqualTo(OF_ABC);
    Files.writeString(lines, OF_ABC.toUpperCase(java.util.Locale.ROOT));
    assertThat(ModelChecksum.verify(model)).isEqualTo(OF_ABC);
  }

  @Test
  void coversTheWeightsInAFileOfTheirOwn() throws IOException {
    Files.writeString(weights, "def");
    assertThat(ModelChecksum.verify(model)).isEqualTo(OF_ABCDEF);
    Files.writeString(lines, OF_ABC + "  model.onnx\n" + OF_DEF + " *model.onnx.data\n");
    assertThat(ModelChecksum.verify(model)).isEqualTo(OF_ABCDEF);
  }

  @Test
  void refusesOtherWeights() throws IOException {
    Files.writeString(weights, "dEf");
    Files.writeString(lines, OF_ABC + "  model.onnx\n" + OF_DEF + "  model.onnx.data\n");
    assertThatThrownBy(() -> ModelChecksum.verify(model))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("model.onnx.data")
        .hasMessageContaining("(expected: " + OF_DEF + "); export the model again");
  }

  @Test
  void refusesAbsentWeights() throws IOException {
    Files.writeString(lines, OF_ABC + "  model.onnx\n" + OF_DEF + "  model.onnx.data\n");
    assertThatThrownBy(() -> ModelChecksum.verify(model))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("model.onnx.data: absent (model.onnx.sha256 names it)");
  }

  @Test
  void refusesAnotherModel() throws IOException {
    Files.writeString(lines, OF_DEF + "  model.onnx\n");
    assertThatThrownBy(() -> ModelChecksum.verify(model))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("SHA-256 " + OF_ABC + " (expected: " + OF_DEF + ")");
  }

  @Test
  void looksNowhereElse() throws IOException {
    Files.writeString(lines, OF_ABC + "  model.onnx\n" + OF_DEF + "  ../secret\n");
    assertThatThrownBy(() -> ModelChecksum.verify(model))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("names a file of another folder");
  }
}
