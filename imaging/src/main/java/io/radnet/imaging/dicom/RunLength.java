package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/** Decoder of DICOM's run length encoding (PS3.5 annex G): byte planes, most significant first. */
final class RunLength {
  private static final int HEADER = 64;

  private RunLength() {}

  /** The cells of one frame, interleaved, before bits are masked. */
  static int[] decode(String name, byte[] frame, PixelFormat format) {
    int bytesPerSample = format.bitsAllocated() / 8;
    int segments = bytesPerSample * format.samples();
    if (frame.length < HEADER
        || bytesPerSample < 1
        || bytesPerSample > 4
        || integer(frame, 0) != segments) {
      throw new InvalidInputException(
          name, "RLE header is malformed (expected: " + segments + " segments)");
    }
    int plane = format.rows() * format.columns();
    // Two bytes give at most 128 pixels: a frame that is too short for its size costs no memory.
    if ((long) plane * segments > 64L * frame.length) {
      throw new InvalidInputException(
          name, "RLE frame of " + frame.length + " bytes is too short for its image");
    }
    int[] cells = new int[plane * format.samples()];
    for (int segment = 0; segment < segments; segment++) {
      int begin = integer(frame, 4 + 4 * segment);
      int end = segment + 1 < segments ? integer(frame, 8 + 4 * segment) : frame.length;
      if (begin < HEADER || end > frame.length || begin > end) {
        throw new InvalidInputException(name, "RLE segment " + segment + " lies outside its frame");
      }
      int pixels =
          segment(
              frame,
              begin,
              end,
              cells,
              segment / bytesPerSample,
              format.samples(),
              8 * (bytesPerSample - 1 - segment % bytesPerSample));
      if (pixels < plane) {
        throw new InvalidInputException(
            name, "RLE segment " + segment + " holds " + pixels + " of " + plane + " pixels");
      }
    }
    return cells;
  }

  private static int segment(
      byte[] frame, int begin, int end, int[] cells, int first, int step, int shift) {
    int plane = cells.length / step;
    int pixel = 0;
    int at = begin;
    while (pixel < plane && at < end) {
      int control = frame[at++];
      if (control >= 0) {
        for (int n = control + 1; n > 0 && pixel < plane && at < end; n--) {
          cells[pixel++ * step + first] |= (frame[at++] & 0xff) << shift;
        }
      } else if (control != -128 && at < end) {
        int value = (frame[at++] & 0xff) << shift;
        for (int n = 1 - control; n > 0 && pixel < plane; n--) {
          cells[pixel++ * step + first] |= value;
        }
      }
    }
    return pixel;
  }

  private static int integer(byte[] data, int at) {
    return Encoding.IMPLICIT_LITTLE.integer(data, at);
  }
}
