package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Undecoded pixel data: where it lies, not its bytes. Frames are read from the file one at a time,
 * so that a multi-frame object of any size needs the memory of one frame. An object that came over
 * a wire or compressed as a whole stays in memory.
 */
public final class PixelData {
  /** What holds the bytes. */
  sealed interface Store {
    byte[] read(long offset, int length) throws IOException;
  }

  record OnDisk(Path path) implements Store {
    @Override
    public byte[] read(long offset, int length) throws IOException {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        if (offset + length > channel.size()) {
          throw new IOException("the file became shorter");
        }
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
          if (channel.read(target, offset + target.position()) < 0) {
            throw new IOException("the file became shorter");
          }
        }
        return target.array();
      }
    }
  }

  record InMemory(byte[] bytes) implements Store {
    @Override
    public byte[] read(long offset, int length) {
      return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
    }
  }

  private final String name;
  private final Store store;
  private final int tag;
  private final ByteOrder order;
  private final boolean words;
  private final long offset;
  private final long length;
  private final Fragments fragments;

  PixelData(
      String name,
      Store store,
      int tag,
      ByteOrder order,
      boolean words,
      long offset,
      long length,
      Fragments fragments) {
    this.name = name;
    this.store = store;
    this.tag = tag;
    this.order = order;
    this.words = words;
    this.offset = offset;
    this.length = length;
    this.fragments = fragments;
  }

  /** PixelData, FloatPixelData or DoubleFloatPixelData. */
  public int tag() {
    return tag;
  }

  /** Whether fragments hold the frames. */
  public boolean encapsulated() {
    return fragments.count() > 0;
  }

  /** Bytes of native pixels that the file holds, or of all fragments. */
  public long length() {
    return length;
  }

  ByteOrder order() {
    return order;
  }

  /** Whether bytes lie in big endian words of 16 bits and have to be swapped to be read singly. */
  boolean swappedBytes() {
    return words && order == ByteOrder.BIG_ENDIAN;
  }

  Fragments fragments() {
    return fragments;
  }

  /** Native bytes, relative to the first pixel; checked by the caller against {@link #length}. */
  byte[] nativeBytes(long from, int count) {
    return read(offset + from, count);
  }

  /** The fragments {@code first} to {@code last - 1}, joined. */
  byte[] fragmentBytes(int first, int last) {
    long size = 0;
    for (int i = first; i < last; i++) {
      size += fragments.length(i);
    }
    if (size > Integer.MAX_VALUE - 16) {
      throw new InvalidInputException(
          name, "a compressed frame of " + size + " bytes is too large");
    }
    if (last == first + 1) {
      return read(fragments.offset(first), fragments.length(first));
    }
    byte[] joined = new byte[(int) size];
    int at = 0;
    for (int i = first; i < last; i++) {
      byte[] part = read(fragments.offset(i), fragments.length(i));
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  /** The first bytes of a fragment. */
  byte[] fragmentHead(int fragment, int count) {
    return read(fragments.offset(fragment), Math.min(count, fragments.length(fragment)));
  }

  private byte[] read(long from, int count) {
    try {
      return store.read(from, count);
    } catch (IOException failure) {
      throw new InvalidInputException(
          name, "pixel data cannot be read: " + failure.getMessage(), failure);
    }
  }
}
