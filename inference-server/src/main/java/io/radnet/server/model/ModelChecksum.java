package io.radnet.server.model;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a model, compared with {@code model.onnx.sha256} beside it where that exists (the
 * format of {@code sha256sum}: a line for the model, and one for {@code model.onnx.data} where its
 * weights lie in a file of their own).
 */
final class ModelChecksum {
  private ModelChecksum() {}

  /**
   * The SHA-256 of a model's file, after a comparison with the lines beside it. With weights in a
   * file of their own it is that of both, one behind the other: {@code cat model.onnx
   * model.onnx.data | sha256sum}.
   *
   * @throws InvalidInputException where a file is absent or not the one that was written
   */
  static String verify(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(file, "absent (expected: an ONNX model)");
    }
    Path weights = file.resolveSibling(file.getFileName() + ".data");
    Path beside = file.resolveSibling(file.getFileName() + ".sha256");
    Map<Path, String> expected =
        Files.isRegularFile(beside) ? expected(file, beside) : new LinkedHashMap<>();
    MessageDigest model = sha256();
    compare(file, digest(file, model), expected.remove(file));
    if (Files.isRegularFile(weights)) {
      compare(weights, digest(weights, model), expected.remove(weights));
    }
    for (Map.Entry<Path, String> other : expected.entrySet()) {
      if (!Files.isRegularFile(other.getKey())) {
        throw new InvalidInputException(
            other.getKey(), "absent (" + beside.getFileName() + " names it); export again");
      }
      compare(other.getKey(), digest(other.getKey(), sha256()), other.getValue());
    }
    return HexFormat.of().formatHex(model.digest());
  }

  /**
   * Makes sure that what was opened meanwhile is what {@link #verify} saw.
   *
   * @param sha256 that it gave
   * @throws InvalidInputException where a file was replaced or removed
   */
  static void verifyAgain(Path file, String sha256) throws IOException {
    boolean same;
    try {
      same = verify(file).equals(sha256);
    } catch (InvalidInputException other) {
      same = false;
    }
    if (!same) {
      throw new InvalidInputException(file, "replaced while it was loaded; load it again");
    }
  }

  /** Files beside the model and their digests; a line without a name is for the model. */
  private static Map<Path, String> expected(Path file, Path beside) throws IOException {
    Map<Path, String> digests = new LinkedHashMap<>();
    for (String line : Files.readAllLines(beside)) {
      if (line.isBlank()) {
        continue;
      }
      String[] words = line.strip().split("\\s+\\*?", 2);
      String name = words.length == 1 ? String.valueOf(file.getFileName()) : words[1];
      if (name.contains("/") || name.contains("\\") || name.equals("..")) {
        throw new InvalidInputException(beside, "names a file of another folder");
      }
      digests.put(file.resolveSibling(name), words[0].toLowerCase(Locale.ROOT));
    }
    return digests;
  }

  private static void compare(Path file, String actual, @Nullable String expected) {
    if (expected != null && !expected.equals(actual)) {
      throw new InvalidInputException(
          file, "SHA-256 " + actual + " (expected: " + expected + "); export the model again");
    }
  }

  /** The digest of one file, whose bytes go into {@code all} too. */
  private static String digest(Path file, MessageDigest all) throws IOException {
    MessageDigest own = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        own.update(buffer, 0, read);
        all.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(own.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
