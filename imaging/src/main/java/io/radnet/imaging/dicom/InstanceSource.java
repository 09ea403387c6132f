package io.radnet.imaging.dicom;

import java.nio.file.Path;

/** Where the bytes of one Part 10 object come from; either may be gzip-compressed. */
public sealed interface InstanceSource {
  /** The file or the name that messages use. */
  String name();

  /** A file on disk. */
  record File(Path path) implements InstanceSource {
    @Override
    public String name() {
      return path.toString();
    }
  }

  /**
   * Bytes that came over a wire. They are shared and not copied: they must not change while the
   * object is in use.
   */
  record Memory(String name, byte[] bytes) implements InstanceSource {}
}
