package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/**
 * The segments of a JPEG-LS stream (ITU-T T.87, annex C): lossless and near-lossless, 2 to 16 bits,
 * all three interleave modes. {@link JpegLsScan} decodes the scans.
 */
final class JpegLs {
  private final String name;
  private final byte[] data;
  private int precision;
  private int rows;
  private int columns;
  private int components;
  private int maximum;
  private final int[] thresholds = new int[3];
  private int reset;

  JpegLs(String name, byte[] data) {
    this.name = name;
    this.data = data;
  }

  /** Samples, interleaved by component. */
  int[] decode() {
    int[] samples = new int[0];
    int at = 2;
    int decoded = 0;
    while (at + 4 <= data.length) {
      if ((data[at] & 0xff) != 0xff || (data[at + 1] & 0xff) < 0xc0) {
        at++;
        continue;
      }
      int marker = data[at + 1] & 0xff;
      if (marker == 0xff || marker == 0xd8) {
        at += marker == 0xff ? 1 : 2;
        continue;
      }
      if (marker == 0xd9) {
        break;
      }
      int length = JpegFrame.unsignedShort(data, at + 2);
      int end = at + 2 + length;
      if (length < 2 || end > data.length) {
        throw malformed("a JPEG-LS segment is cut off");
      }
      at += 4;
      if (marker == JpegFrame.JPEG_LS && length >= 8) {
        precision = data[at] & 0xff;
        rows = JpegFrame.unsignedShort(data, at + 1);
        columns = JpegFrame.unsignedShort(data, at + 3);
        components = data[at + 5] & 0xff;
        if (precision < 2
            || precision > 16
            || components < 1
            || components > 4
            || samples.length > 0) {
          throw malformed("JPEG-LS of " + precision + " bits (expected: 2 to 16)");
        }
        samples = new int[rows * columns * components];
      } else if (marker == 0xf8) {
        parameters(at, length);
      } else if (marker == 0xdd) {
        throw malformed("JPEG-LS with restart intervals has no decoder");
      } else if (marker == 0xda) {
        int count = data[at] & 0xff;
        if (samples.length == 0
            || count < 1
            || decoded + count > components
            || length < 6 + 2 * count) {
          throw malformed("a JPEG-LS scan header is malformed");
        }
        int near = data[at + 1 + 2 * count] & 0xff;
        int interleave = data[at + 2 + 2 * count] & 0xff;
        int shift = data[at + 3 + 2 * count] & 0x0f;
        if (interleave > 2 || count > 1 && interleave == 0) {
          throw malformed("JPEG-LS interleave mode: " + interleave + " (expected: 0 to 2)");
        }
        JpegLsScan scan =
            new JpegLsScan(
                name,
                data,
                end,
                columns,
                count,
                new JpegLsParameters(
                    maximum == 0 ? (1 << precision) - 1 : maximum, near, thresholds, reset));
        scan.decode(samples, rows, decoded, components, interleave == 2 && count > 1, shift);
        end = scan.position();
        decoded += count;
        if (decoded == components) {
          return samples;
        }
      }
      at = end;
    }
    throw malformed("JPEG-LS frame has no complete scan");
  }

  private void parameters(int at, int length) {
    if (length < 13 || data[at] != 1) {
      if (length >= 3 && (data[at] == 2 || data[at] == 3)) {
        throw malformed("JPEG-LS with mapping tables has no decoder");
      }
      return;
    }
    maximum = JpegFrame.unsignedShort(data, at + 1);
    for (int i = 0; i < 3; i++) {
      thresholds[i] = JpegFrame.unsignedShort(data, at + 3 + 2 * i);
    }
    reset = JpegFrame.unsignedShort(data, at + 9);
  }

  private InvalidInputException malformed(String what) {
    return new InvalidInputException(name, what);
  }
}
