package io.radnet.server.model;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The SHA-256 of a model file, compared with {@code model.onnx.sha256} beside it where that exists
 * (the format of {@code sha256sum}).
 */
final class ModelChecksum {
  private ModelChecksum() {}

  /**
   * The SHA-256 of a model's file, after a comparison with the one beside it.
   *
   * @throws InvalidInputException where the file is absent or not the one that was written
   */
  static String verify(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(file, "absent (expected: an ONNX model)");
    }
    String actual = sha256(file);
    Path beside = file.resolveSibling(file.getFileName() + ".sha256");
    if (!Files.isRegularFile(beside)) {
      return actual;
    }
    String expected = Files.readString(beside).strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
    if (!expected.equals(actual)) {
      throw new InvalidInputException(
          file, "SHA-256 " + actual + " (expected: " + expected + "); export the model again");
    }
    return actual;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
