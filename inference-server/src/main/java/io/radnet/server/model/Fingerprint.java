package io.radnet.server.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Names, sizes and times of the files of a folder: differs when one was written. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        text.append(folder.relativize(file))
            .append('|')
            .append(Files.size(file))
            .append('|')
            .append(Files.getLastModifiedTime(file).toMillis())
            .append('\n');
      }
    }
    return text.toString();
  }
}
