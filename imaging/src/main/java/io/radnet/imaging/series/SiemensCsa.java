package io.radnet.imaging.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The image header that Siemens stores in (0029,1010): named values in a binary table ("SV10"), as
 * nibabel and GDCM document it. A malformed table reads as empty.
 */
final class SiemensCsa {
  private static final int MAXIMUM_TAGS = 256;
  private static final int MAXIMUM_ITEMS = 1024;

  private SiemensCsa() {}

  /** Name to the values that are numbers. */
  static Map<String, double[]> read(byte[] header) {
    Map<String, double[]> values = new HashMap<>();
    if (header.length < 16
        || header[0] != 'S'
        || header[1] != 'V'
        || header[2] != '1'
        || header[3] != '0') {
      return values;
    }
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int tags = in.getInt(8);
    int at = 16;
    for (int t = 0; t < tags && t < MAXIMUM_TAGS && at + 84 <= header.length; t++) {
      String name = text(header, at, 64);
      int items = in.getInt(at + 76);
      at += 84;
      double[] numbers = new double[16];
      int count = 0;
      for (int i = 0; i < items && i < MAXIMUM_ITEMS && at + 16 <= header.length; i++) {
        int length = in.getInt(at + 4);
        at += 16;
        if (length < 0 || length > header.length - at) {
          return values;
        }
        if (length > 0 && count < numbers.length) {
          String text = text(header, at, length);
          if (!text.isEmpty()) {
            try {
              numbers[count] = Double.parseDouble(text);
              count++;
            } catch (NumberFormatException words) {
              count = numbers.length; // a text value: of no use here
            }
          }
        }
        at += (length + 3) / 4 * 4;
      }
      if (count > 0 && count < numbers.length) {
        values.put(name, java.util.Arrays.copyOf(numbers, count));
      }
    }
    return values;
  }

  private static String text(byte[] data, int offset, int length) {
    int end = offset;
    while (end < offset + length && data[end] != 0) {
      end++;
    }
    return new String(data, offset, end - offset, StandardCharsets.US_ASCII).strip();
  }
}
