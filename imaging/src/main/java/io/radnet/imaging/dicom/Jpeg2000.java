package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/** JPEG 2000 through ImageIO, after a look at the size that the codestream claims. */
final class Jpeg2000 {
  private Jpeg2000() {}

  static int[] decode(String name, byte[] frame, PixelFormat format) {
    int at = sizeMarker(name, frame);
    long columns = integer(frame, at + 6) - integer(frame, at + 14);
    long rows = integer(frame, at + 10) - integer(frame, at + 18);
    int components = JpegFrame.unsignedShort(frame, at + 38);
    if (rows != format.rows() || columns != format.columns() || components < format.samples()) {
      throw new InvalidInputException(
          name,
          "compressed frame: "
              + rows
              + "x"
              + columns
              + "x"
              + components
              + " (expected: "
              + format.rows()
              + "x"
              + format.columns()
              + "x"
              + format.samples()
              + ")");
    }
    return JpegLossy.ImageReading.decode(
        name, frame, "JPEG2000", format.rows(), format.columns(), format.samples());
  }

  /** The SIZ segment follows the start of the codestream (ISO 15444-1 A.5.1). */
  private static int sizeMarker(String name, byte[] frame) {
    for (int at = 0; at + 44 <= frame.length; at++) {
      if ((frame[at] & 0xff) == 0xff
          && frame[at + 1] == 0x4f
          && (frame[at + 2] & 0xff) == 0xff
          && frame[at + 3] == 0x51) {
        return at + 2;
      }
    }
    throw new InvalidInputException(name, "the compressed frame does not begin as JPEG 2000");
  }

  private static long integer(byte[] data, int at) {
    return Encoding.EXPLICIT_BIG.integer(data, at) & 0xffffffffL;
  }
}
