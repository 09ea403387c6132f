package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/**
 * The frame header of a JPEG or JPEG-LS stream.
 *
 * @param marker the second byte of SOFn
 * @param precision bits per sample
 */
record JpegFrame(int marker, int precision, int rows, int columns, int components) {
  static final int BASELINE = 0xc0;
  static final int EXTENDED = 0xc1;
  static final int LOSSLESS = 0xc3;
  static final int JPEG_LS = 0xf7;

  static JpegFrame read(String name, byte[] data) {
    int at = 2;
    if (data.length < 4 || (data[0] & 0xff) != 0xff || (data[1] & 0xff) != 0xd8) {
      throw new InvalidInputException(name, "the compressed frame does not begin as JPEG");
    }
    while (at + 4 <= data.length) {
      if ((data[at] & 0xff) != 0xff) {
        throw new InvalidInputException(name, "JPEG marker expected at byte " + at + " of a frame");
      }
      int marker = data[at + 1] & 0xff;
      if (marker == 0xff) {
        at++; // fill byte
        continue;
      }
      int length = unsignedShort(data, at + 2);
      boolean frame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
              || marker == JPEG_LS;
      if (frame && at + 10 <= data.length) {
        return new JpegFrame(
            marker,
            data[at + 4] & 0xff,
            unsignedShort(data, at + 5),
            unsignedShort(data, at + 7),
            data[at + 9] & 0xff);
      }
      if (length < 2) {
        break;
      }
      at += 2 + length;
    }
    throw new InvalidInputException(name, "the compressed frame has no JPEG frame header");
  }

  static int unsignedShort(byte[] data, int at) {
    return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
  }
}
