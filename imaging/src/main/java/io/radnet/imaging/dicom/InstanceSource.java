package io.radnet.imaging.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Where the bytes of one Part 10 object come from; either may be gzip-compressed. */
public sealed interface InstanceSource {
  /** The file or the name that messages use. */
  String name();

  /** All bytes, as they are stored. */
  byte[] readAll() throws IOException;

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
  }

  /**
   * Bytes that came over a wire. They are shared and not copied: they must not change while the
   * object is in use.
   *
   * @param unfolded is told, from any thread, how many bytes a reader has unfolded of packed bytes
   *     (gzip, deflated) since it began; stops the reader by {@link
   *     io.radnet.imaging.InvalidInputException}
   */
  record Memory(String name, byte[] bytes, LongConsumer unfolded) implements InstanceSource {
    /** Bytes that may unfold to 1 GiB. */
    public Memory(String name, byte[] bytes) {
      this(name, bytes, count -> {});
    }

    @Override
    public byte[] readAll() {
      return bytes;
    }
  }
}
