package io.radnet.imaging.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The image header that Siemens stores in (0029,1010): named values in a binary table, as nibabel
 * and GDCM document it. The newer layout begins with "SV10"; the older one with the number of tags,
 * and states the length of a value too large by the number of items of the first tag. A malformed
 * table reads as far as it makes sense.
 */
final class SiemensCsa {
  private static final int MAXIMUM_TAGS = 256;
  private static final int MAXIMUM_ITEMS = 1024;

  private SiemensCsa() {}

  /** Name to the values that are numbers. */
  static Map<String, double[]> read(byte[] header) {
    Map<String, double[]> values = new HashMap<>();
    if (header.length < 16) {
      return values;
    }
    boolean newer = text(header, 0, 4).equals("SV10");
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int tags = in.getInt(newer ? 8 : 0);
    int at = newer ? 16 : 8;
    int surplus = newer || header.length < at + 84 ? 0 : in.getInt(at + 76);
    for (int t = 0; t < tags && t < MAXIMUM_TAGS && at + 84 <= header.length; t++) {
      String name = text(header, at, 64);
      int items = in.getInt(at + 76);
      at += 84;
      double[] numbers = new double[16];
      int count = 0;
      for (int i = 0; i < items && i < MAXIMUM_ITEMS && at + 16 <= header.length; i++) {
        int length = newer ? in.getInt(at + 4) : in.getInt(at) - surplus;
        at += 16;
        if (length < 0 || length > header.length - at) {
          if (newer) {
            return values;
          }
          break; // the older layout has items without a value
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
