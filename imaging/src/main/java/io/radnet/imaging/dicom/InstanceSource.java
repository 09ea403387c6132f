package io.radnet.imaging.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bytes of one Part 10 object come from. */
public sealed interface InstanceSource {
  /** The file or the name that messages use. */
  String name();

  /** All bytes. */
  byte[] readAll() throws IOException;

  /** The first bytes, at most {@code limit}. */
  byte[] readHead(int limit) throws IOException;

  /** A file on disk. */
  record File(Path path) implements InstanceSource {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public byte[] readAll() throws IOException {
      return Files.readAllBytes(path);
    }

    @Override
    public byte[] readHead(int limit) throws IOException {
      try (var in = Files.newInputStream(path)) {
        return in.readNBytes(limit);
      }
    }
  }

  /** Bytes that came over a wire. */
  record Memory(String name, byte[] bytes) implements InstanceSource {
    @Override
    public byte[] readAll() {
      return bytes;
    }

    @Override
    public byte[] readHead(int limit) {
      return bytes.length <= limit ? bytes : java.util.Arrays.copyOf(bytes, limit);
    }
  }
}
