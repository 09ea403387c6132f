package io.radnet.server.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that keeps TensorRT's engines. It makes starts fast and nothing more, so a disk that
 * is full or not writable costs the speed of a start, not the server.
 */
final class EngineCache {
  private static final Logger LOG = LoggerFactory.getLogger(EngineCache.class);

  /** An engine of a 3D network takes some tens of MiB; one that is cut off is worse than none. */
  private static final int PROBE_BYTES = 1 << 20;

  /** Writes bytes to a file and makes them durable. */
  @FunctionalInterface
  interface Probe {
    void write(Path file, byte[] bytes) throws IOException;
  }

  private EngineCache() {}

  /** The folder where it can be written to; otherwise empty, with a warning in the log. */
  static Optional<Path> usable(Path folder) {
    return usable(folder, Files::write);
  }

  static Optional<Path> usable(Path folder, Probe probe) {
    Path file = folder.resolve(".probe-" + ProcessHandle.current().pid());
    try {
      Files.createDirectories(folder);
      try {
        probe.write(file, new byte[PROBE_BYTES]);
      } finally {
        Files.deleteIfExists(file);
      }
      return Optional.of(folder);
    } catch (IOException full) {
      LOG.warn(
          "the cache {} cannot be used, so engines are built at every start: {}",
          folder,
          full.getMessage());
      return Optional.empty();
    }
  }
}
