package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an object, as much of it as was asked for. A header is a few KiB of a file of
 * any size, so a supply starts small and grows; what it allocates is bounded by what the file
 * really holds, never by a length that the file claims.
 */
final class ByteSupply implements Closeable {
  /** Longest beginning that is held: headers and inflated objects end here. */
  static final int LIMIT = 1 << 30;

  private static final int FIRST = 8 << 10;
  private static final int GROWTH = 4;
  private static final int BEHIND_SKIPPED = 2 << 10;

  // Opening thousands of files must not allocate a buffer for each: what is kept is copied out.
  private static final ThreadLocal<byte[]> REUSED = ThreadLocal.withInitial(() -> new byte[FIRST]);

  private final String name;
  private final @Nullable FileChannel channel;
  private final LongConsumer unfolded;
  private @Nullable InputStream stream;
  private byte[] data;
  private int available;
  private long total;
  private long skipped;
  private boolean shared;

  private ByteSupply(
      String name, @Nullable FileChannel channel, byte[] data, long total, LongConsumer unfolded) {
    this.name = name;
    this.channel = channel;
    this.unfolded = unfolded;
    this.data = data;
    this.total = total;
  }

  static ByteSupply of(InstanceSource source) throws IOException {
    ByteSupply supply;
    if (source instanceof InstanceSource.File file) {
      FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ);
      try {
        supply = new ByteSupply(source.name(), channel, REUSED.get(), channel.size(), count -> {});
        supply.shared = true;
        supply.fill(Math.min(FIRST, supply.total));
      } catch (IOException | RuntimeException failure) {
        channel.close();
        throw failure;
      }
    } else {
      InstanceSource.Memory memory = (InstanceSource.Memory) source;
      byte[] bytes = memory.bytes();
      supply = new ByteSupply(source.name(), null, bytes, bytes.length, memory.unfolded());
      supply.available = bytes.length;
    }
    if (supply.available > 2
        && (supply.data[0] & 0xff) == 0x1f
        && (supply.data[1] & 0xff) == 0x8b) {
      FileChannel channel = supply.channel;
      try {
        InputStream packed =
            channel == null
                ? new ByteArrayInputStream(supply.data)
                : Channels.newInputStream(channel.position(0));
        supply.streamed(new GZIPInputStream(packed, FIRST));
      } catch (EOFException cut) {
        supply.close();
        throw new InvalidInputException(source.name(), "gzip data is cut off", cut);
      } catch (IOException failure) {
        supply.close();
        throw failure;
      }
    }
    return supply;
  }

  /** The bytes from {@code at} on, inflated: the dataset of the deflated transfer syntax. */
  ByteSupply inflated(int at) throws IOException {
    InputStream rest = new ByteArrayInputStream(data, at, available - at);
    InputStream further = stream;
    if (further == null && channel != null) {
      byte[] head = Arrays.copyOfRange(data, at, available);
      further = Channels.newInputStream(channel.position(available));
      rest = new ByteArrayInputStream(head);
    } else if (further != null) {
      rest = new ByteArrayInputStream(Arrays.copyOfRange(data, at, available));
    }
    if (further != null) {
      rest = new SequenceInputStream(rest, further);
    }
    ByteSupply inflated = new ByteSupply(name, null, new byte[0], -1, unfolded);
    inflated.streamed(new InflaterInputStream(rest, new Inflater(true), FIRST));
    return inflated;
  }

  private void streamed(InputStream in) throws IOException {
    stream = in;
    data = new byte[FIRST];
    shared = false;
    available = 0;
    total = -1;
    fill(FIRST);
  }

  byte[] data() {
    return data;
  }

  int available() {
    return available;
  }

  /** Bytes of the whole object; {@link Long#MAX_VALUE} as long as a stream has not ended. */
  long total() {
    return total < 0 ? Long.MAX_VALUE : total;
  }

  boolean ended() {
    return total >= 0 && available >= total;
  }

  /** Whether the bytes are packed in the source, so that they cannot be read there again. */
  boolean packed() {
    return stream != null;
  }

  /** Whether {@link #skip} may be called: what is left out can be read from the file again. */
  boolean skippable() {
    return channel != null && stream == null;
  }

  /**
   * Leaves bytes out, so that what follows them takes their place; {@link #total()} shrinks. The
   * next few elements are available then.
   *
   * @param at where they begin, at most {@link #available()}
   * @param length how many, at most what is left
   */
  void skip(int at, long length) throws IOException {
    long behind = at + length;
    if (behind < available) {
      System.arraycopy(data, (int) behind, data, at, available - (int) behind);
      available -= (int) length;
    } else {
      available = at;
    }
    total -= length;
    skipped += length;
    fill(Math.min(total, Math.max(available, at + BEHIND_SKIPPED)));
  }

  /** Bytes that were left out so far. */
  long skipped() {
    return skipped;
  }

  /** Makes at least {@code wanted} bytes available, or all that there are. */
  void grow(long wanted) throws IOException {
    if (wanted <= available || ended()) {
      return;
    }
    if (wanted > LIMIT) {
      throw new InvalidInputException(name, "header of " + wanted + " bytes (expected: <= 1 GiB)");
    }
    fill(Math.min(total(), Math.min(LIMIT, Math.max(wanted, (long) available * GROWTH))));
  }

  /** Makes everything available. */
  void fillAll() throws IOException {
    while (!ended()) {
      if (available >= LIMIT) {
        throw new InvalidInputException(name, "inflates to more than 1 GiB");
      }
      grow(available + 1L);
    }
  }

  private void fill(long size) throws IOException {
    int target = (int) size;
    InputStream in = stream;
    while (available < target) {
      if (data.length < target) {
        // A stream does not tell its size: double what really came instead of trusting a claim.
        int capacity =
            in == null ? target : (int) Math.min(target, Math.max(FIRST, 2L * data.length));
        if (available == data.length || in == null) {
          data = Arrays.copyOf(data, Math.max(capacity, available));
          shared = false;
        }
      }
      int space = Math.min(data.length, target) - available;
      int read;
      if (in != null) {
        try {
          read = in.read(data, available, space);
        } catch (EOFException cut) {
          read = -1;
        }
      } else if (channel != null) {
        read = channel.read(ByteBuffer.wrap(data, available, space), available + skipped);
      } else {
        read = -1;
      }
      if (read < 0) {
        total = available;
        return;
      }
      available += read;
      if (in != null) {
        unfolded.accept(available);
      }
    }
  }

  /** The first {@code length} bytes to keep after this supply is closed. */
  byte[] keep(int length) {
    return shared ? Arrays.copyOf(data, length) : data;
  }

  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
    if (channel != null) {
      channel.close();
    }
  }
}
