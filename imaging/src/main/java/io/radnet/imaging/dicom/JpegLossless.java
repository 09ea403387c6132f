package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.util.Arrays;

/**
 * Decoder of lossless JPEG with Huffman coding (ITU-T T.81, process 14, all seven predictors, 2 to
 * 16 bits).
 */
final class JpegLossless {
  private final String name;
  private final byte[] data;
  private final HuffmanTable[] tables = new HuffmanTable[4];
  private int precision;
  private int rows;
  private int columns;
  private int[] componentIds = new int[0];
  private int restartInterval;
  private int[] samples = new int[0];

  JpegLossless(String name, byte[] data) {
    this.name = name;
    this.data = data;
  }

  /** Samples, interleaved by component. */
  int[] decode() {
    int at = 2;
    int decoded = 0;
    while (at + 4 <= data.length) {
      if ((data[at] & 0xff) != 0xff) {
        at++; // what a scan left over
        continue;
      }
      int marker = data[at + 1] & 0xff;
      if (marker == 0xff || marker == 0 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) {
        at += marker == 0xff ? 1 : 2;
        continue;
      }
      if (marker == 0xd9) {
        break;
      }
      int length = JpegFrame.unsignedShort(data, at + 2);
      int end = at + 2 + length;
      if (length < 2 || end > data.length) {
        throw malformed("a JPEG segment is cut off");
      }
      at += 4;
      switch (marker) {
        case 0xc4 -> huffmanTables(at, end);
        case JpegFrame.LOSSLESS -> frame(at, end);
        case 0xdd -> restartInterval = length >= 4 ? JpegFrame.unsignedShort(data, at) : 0;
        default -> {
          if (marker == 0xda) {
            int components = at < end ? data[at] & 0xff : 0;
            end = scan(at, end, components);
            decoded += components;
          }
        }
      }
      at = end;
      if (decoded > 0 && decoded >= componentIds.length) {
        return samples;
      }
    }
    throw malformed("lossless JPEG frame has no complete scan");
  }

  private InvalidInputException malformed(String what) {
    return new InvalidInputException(name, what);
  }

  private void frame(int at, int end) {
    if (end - at < 6 || end - at < 6 + 3 * (data[at + 5] & 0xff)) {
      throw malformed("a JPEG frame header is cut off");
    }
    if (samples.length > 0) {
      throw malformed("lossless JPEG with two frame headers");
    }
    precision = data[at] & 0xff;
    rows = JpegFrame.unsignedShort(data, at + 1);
    columns = JpegFrame.unsignedShort(data, at + 3);
    componentIds = new int[data[at + 5] & 0xff];
    if (precision < 2 || precision > 16 || componentIds.length < 1 || componentIds.length > 4) {
      throw malformed("lossless JPEG of " + precision + " bits (expected: 2 to 16)");
    }
    for (int i = 0; i < componentIds.length; i++) {
      componentIds[i] = data[at + 6 + 3 * i] & 0xff;
      // Sampling factors are relative to each other, so those of a single component mean nothing.
      if (componentIds.length > 1 && data[at + 7 + 3 * i] != 0x11) {
        throw malformed("lossless JPEG with subsampled components");
      }
    }
    samples = new int[rows * columns * componentIds.length];
  }

  private void huffmanTables(int from, int end) {
    int at = from;
    while (at + 17 <= end) {
      int id = data[at] & 0x0f;
      byte[] counts = Arrays.copyOfRange(data, at + 1, at + 17);
      int total = 0;
      for (byte count : counts) {
        total += count & 0xff;
      }
      at += 17;
      if (id > 3 || total > 256 || at + total > end) {
        throw malformed("a JPEG Huffman table is malformed");
      }
      tables[id] = new HuffmanTable(name, counts, Arrays.copyOfRange(data, at, at + total));
      at += total;
    }
  }

  private int scan(int at, int end, int components) {
    if (components < 1
        || components > componentIds.length
        || end - at < 4 + 2 * components
        || samples.length == 0) {
      throw malformed("a JPEG scan header is malformed");
    }
    int[] planes = new int[components];
    HuffmanTable[] used = new HuffmanTable[components];
    for (int i = 0; i < components; i++) {
      int id = data[at + 1 + 2 * i] & 0xff;
      int plane = 0;
      while (plane < componentIds.length && componentIds[plane] != id) {
        plane++;
      }
      HuffmanTable table = tables[(data[at + 2 + 2 * i] & 0xff) >>> 4 & 3];
      if (plane == componentIds.length || table == null) {
        throw malformed("a JPEG scan names a component or table that is not there");
      }
      planes[i] = plane;
      used[i] = table;
    }
    int predictor = data[at + 1 + 2 * components];
    int shift = data[at + 3 + 2 * components] & 0x0f;
    if (predictor < 1 || predictor > 7 || shift >= precision) {
      throw malformed("JPEG predictor: " + predictor + " (expected: 1 to 7)");
    }
    JpegBits bits = new JpegBits(name, data, end);
    int step = componentIds.length;
    int stride = columns * step;
    int first = 1 << precision - shift - 1;
    int countdown = restartInterval;
    int firstRow = 0;
    int firstColumn = 0;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        if (restartInterval > 0 && countdown == 0) {
          bits.restart();
          countdown = restartInterval;
          firstRow = y;
          firstColumn = x;
        }
        countdown--;
        for (int i = 0; i < components; i++) {
          int p = y * stride + x * step + planes[i];
          int prediction;
          if (y == firstRow) {
            prediction = x == firstColumn ? first : samples[p - step];
          } else if (x == 0) {
            prediction = samples[p - stride];
          } else {
            prediction =
                predict(
                    predictor, samples[p - step], samples[p - stride], samples[p - stride - step]);
          }
          samples[p] = prediction + bits.difference(used[i]) & 0xffff;
        }
      }
    }
    if (shift > 0) {
      for (int i = 0; i < samples.length; i++) {
        for (int plane : planes) {
          samples[i] = i % step == plane ? samples[i] << shift : samples[i];
        }
      }
    }
    return bits.position();
  }

  /** T.81 table H.1. */
  private static int predict(int predictor, int left, int above, int diagonal) {
    return switch (predictor) {
      case 1 -> left;
      case 2 -> above;
      case 3 -> diagonal;
      case 4 -> left + above - diagonal;
      case 5 -> left + (above - diagonal >> 1);
      case 6 -> above + (left - diagonal >> 1);
      default -> left + above >> 1;
    };
  }
}
