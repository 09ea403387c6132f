package io.radnet.exporter.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder in the repository where a version is built. Its name begins with a dot, which servers
 * pass over, and a lock tells that its process lives: what a killed one left behind is removed by
 * the next export.
 */
final class Staging implements AutoCloseable {
  private static final String PREFIX = ".export-";
  private static final String LOCK = "lock";
  // Between the folder and its lock there is a moment without one.
  private static final Duration SURELY_ABANDONED = Duration.ofHours(1);

  private final Path folder;
  private final FileChannel channel;

  private Staging(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** A new folder in {@code repository} itself, since a rename does not cross file systems. */
  static Staging in(Path repository) throws IOException {
    Path folder = Files.createTempDirectory(repository, PREFIX);
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock(); // released when the channel is closed, or by the system with the process
    return new Staging(folder, channel);
  }

  Path folder() {
    return folder;
  }

  /** Removes what killed exports left, as far as this user may. */
  static void removeAbandoned(Path repository) throws IOException {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(repository)) {
      folders = entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX)).toList();
    }
    for (Path folder : folders) {
      try {
        if (isAbandoned(folder)) {
          deleteTree(folder);
        }
      } catch (IOException | UncheckedIOException notOurs) {
        // Another user's, or another export removes it: it is in nobody's way.
      }
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException mine) {
      return false; // another export of this process
    } catch (NoSuchFileException none) {
      FileTime changed = Files.getLastModifiedTime(folder);
      return changed.toInstant().isBefore(Instant.now().minus(SURELY_ABANDONED));
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> walk = Files.walk(folder)) {
      deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      deleteTree(folder);
    }
  }
}
