package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/** The entropy-coded bits of a JPEG scan: stuffed zeros removed, zeros behind the last byte. */
final class JpegBits {
  /** Zeros that may follow the data before it counts as cut off: the longest look ahead. */
  private static final int ALLOWED = 32;

  private final String name;
  private final byte[] data;
  private int at;
  private long buffer;
  private int held;
  private int missing;

  JpegBits(String name, byte[] data, int at) {
    this.name = name;
    this.data = data;
    this.at = at;
  }

  private void fill() {
    while (held <= 48) {
      int next = 0;
      if (at < data.length) {
        next = data[at] & 0xff;
        if (next != 0xff) {
          at++;
        } else if (at + 1 < data.length && data[at + 1] == 0) {
          at += 2;
        } else {
          next = 0; // a marker ends the bits
          missing += 8;
        }
      } else {
        missing += 8;
      }
      buffer = buffer << 8 | next;
      held += 8;
    }
    if (missing - held > ALLOWED) {
      throw new InvalidInputException(name, "compressed data is cut off");
    }
  }

  /** Decodes one Huffman symbol. */
  int symbol(HuffmanTable table) {
    if (held < 32) {
      fill();
    }
    int entry = table.entry((int) (buffer >>> held - 16) & 0xffff);
    int length = entry >>> 8;
    if (length == 0) {
      throw new InvalidInputException(name, "compressed data is malformed: no such Huffman code");
    }
    held -= length;
    return entry & 0xff;
  }

  /** A number of {@code size} bits, 1 to 15, whose first bit tells its sign (T.81 F.2.2.1). */
  int extended(int size) {
    if (held < size) {
      fill();
    }
    int value = (int) (buffer >>> held - size) & (1 << size) - 1;
    held -= size;
    return value < 1 << size - 1 ? value - (1 << size) + 1 : value;
  }

  /** Decodes one difference (T.81 H.1.2.2), modulo 2^16. */
  int difference(HuffmanTable table) {
    int size = symbol(table);
    if (size > 16) {
      throw new InvalidInputException(name, "compressed data is malformed: no such Huffman code");
    }
    return size == 0 ? 0 : size == 16 ? 32768 : extended(size);
  }

  /** Goes on behind the next restart marker. */
  void restart() {
    buffer = 0;
    held = 0;
    missing = 0;
    while (at + 1 < data.length) {
      if ((data[at] & 0xff) == 0xff && (data[at + 1] & 0xf8) == 0xd0) {
        at += 2;
        return;
      }
      at++;
    }
    throw new InvalidInputException(name, "compressed data is cut off: no restart marker");
  }

  int position() {
    return at;
  }
}
