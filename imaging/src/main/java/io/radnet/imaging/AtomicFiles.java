package io.radnet.imaging;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;

/**
 * Durable writes: a temporary file beside the target, fsync, rename. A reader sees the old file or
 * the new one.
 */
public final class AtomicFiles {
  /** Writes the content of one file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all bytes; the stream is buffered by the caller where needed and closed by the
     * callee's caller.
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFiles() {}

  /**
   * Writes {@code target} atomically, creating its folder where absent.
   *
   * @throws IOException where the disk does not take it, naming the target; nothing half-written
   *     stays behind
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = Objects.requireNonNull(absolute.getParent(), "a file has a folder");
    Files.createDirectories(folder);
    // Not createTempFile: the result shall have the permissions that the user's umask gives.
    Path temporary =
        folder.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
              FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out =
              new java.io.BufferedOutputStream(new Named(absolute, channel), 1 << 16)) {
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(folder);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Makes a rename inside {@code folder} durable, where the platform can open a folder. */
  public static void forceFolder(Path folder) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return; // Windows cannot open a folder as a channel
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Writes to a channel; its failures, such as a full disk, say which file could not be written.
   */
  private static final class Named extends FilterOutputStream {
    private final Path target;

    private Named(Path target, FileChannel channel) {
      super(Channels.newOutputStream(channel));
      this.target = target;
    }

    @Override
    public void write(byte[] bytes, int from, int size) throws IOException {
      try {
        out.write(bytes, from, size);
      } catch (FileSystemException named) {
        throw named;
      } catch (IOException e) {
        FileSystemException named =
            new FileSystemException(
                target.toString(), null, "cannot be written: " + e.getMessage());
        named.initCause(e);
        throw named;
      }
    }
  }
}
