package io.radnet.exporter.repository;

import io.radnet.imaging.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The files of one model in a version's folder: its own, and its weights where those lie apart. */
public final class ModelFiles {
  /** The model's own file. */
  public static final String MODEL = "model.onnx";

  private static final String CHECKSUMS = MODEL + ".sha256";

  private ModelFiles() {}

  /** Bytes of the model with its weights. */
  public static long bytes(Path folder) throws IOException {
    long sum = 0;
    for (Path file : list(folder)) {
      sum += Files.size(file);
    }
    return sum;
  }

  /**
   * Writes {@code model.onnx.sha256} as {@code sha256sum} would: the model first, then its weights
   * where they lie in a file of their own. A server refuses a model that does not match.
   */
  public static void writeChecksums(Path folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Path file : list(folder)) {
      lines.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
    }
    AtomicFiles.write(
        folder.resolve(CHECKSUMS),
        out -> out.write(lines.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("model\\.onnx(\\.data)?"))
          .sorted()
          .toList();
    }
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
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
