package io.radnet.imaging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second process from writing what one writes already. The lock is a file that goes when it
 * is given back; the system frees the lock of a process that was killed, so that the file which it
 * leaves is in nobody's way.
 */
public final class WriterLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WriterLock.class);

  /** What this process holds. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private WriterLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The lock of a file, beside it and hidden. */
  public static Path beside(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".lock");
  }

  /** The lock of a folder, in it and hidden. */
  public static Path inside(Path folder) {
    return folder.resolve(".lock");
  }

  /**
   * Takes a lock, creating its folder where absent.
   *
   * @param file of the lock
   * @param target what is written, for the error
   * @throws InvalidInputException where another process, or another part of this one, has it
   */
  public static WriterLock take(Path file, Path target) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    // Before a channel is opened: its end would free the lock of this process.
    if (!HELD.add(absolute)) {
      throw busy(target);
    }
    WriterLock taken = null;
    try {
      while (taken == null) {
        Files.createDirectories(
            Objects.requireNonNull(absolute.getParent(), "a file has a folder"));
        taken = attempt(absolute, target);
      }
      return taken;
    } finally {
      if (taken == null) {
        HELD.remove(absolute);
      }
    }
  }

  /** Null where the file was deleted meanwhile by the one that had it; a third may make it anew. */
  private static @Nullable WriterLock attempt(Path file, Path target) throws IOException {
    WriterLock taken = null;
    FileChannel channel = null;
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      Object before = identity(file);
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      if (!locked(channel, target)) {
        throw busy(target);
      }
      // By its name and not by a second channel, whose end would free the lock.
      if (Objects.equals(identity(file), before)) {
        taken = new WriterLock(file, channel);
      }
    } catch (FileAlreadyExistsException | NoSuchFileException another) {
      if (Files.isSymbolicLink(file)) {
        throw new InvalidInputException(
            file, "is a link to a file that is not there (delete the link)", another);
      }
      return null;
    } catch (OverlappingFileLockException ours) {
      throw busy(target); // by another name, such as that of a link
    } finally {
      if (taken == null && channel != null) {
        channel.close();
      }
    }
    return taken;
  }

  /** Where a file system has no locks, as some shared ones, the work goes on without one. */
  private static boolean locked(FileChannel channel, Path target) {
    try {
      return channel.tryLock() != null;
    } catch (IOException none) {
      LOG.warn(
          "{}: the file system has no locks, so nothing keeps a second radnet from writing it",
          target);
      return true;
    }
  }

  private static @Nullable Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static InvalidInputException busy(Path target) {
    return new InvalidInputException(
        target, "another radnet is writing it (wait for that one, or choose another name)");
  }

  /** Gives it back. */
  @Override
  public void close() throws IOException {
    // First the file, while nobody else can have taken it.
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      HELD.remove(file);
    }
  }
}
