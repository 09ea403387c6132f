package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Frames that are stored without compression, one behind the other. */
final class NativeFrames {
  private NativeFrames() {}

  static PixelFrame decode(String name, PixelData pixels, PixelFormat format, int index) {
    long bits = (long) format.count() * format.bitsAllocated();
    if (format.halfChroma()) {
      bits = (long) format.rows() * format.columns() * 16;
    }
    long begin = bits * index;
    long first = begin / 8;
    long behind = (begin + bits + 7) / 8;
    if (behind > pixels.length()) {
      throw new InvalidInputException(
          name,
          "pixel data of "
              + pixels.length()
              + " bytes (expected: "
              + behind
              + " for "
              + (index + 1)
              + (index == 0 ? " frame)" : " frames)"));
    }
    if (behind - first > Integer.MAX_VALUE - 16) {
      throw new InvalidInputException(
          name, "a frame of " + (behind - first) + " bytes is too large");
    }
    if (pixels.swappedBytes() && format.bitsAllocated() <= 8) {
      return swapped(pixels, format, begin, first, behind);
    }
    byte[] raw = pixels.nativeBytes(first, (int) (behind - first));
    return values(name, raw, (int) (begin % 8), pixels.order(), pixels.tag(), format);
  }

  /** Single bytes in big endian words: the word that holds the first byte begins at an even one. */
  private static PixelFrame swapped(
      PixelData pixels, PixelFormat format, long begin, long first, long behind) {
    long even = first & ~1L;
    long end = Math.min(pixels.length(), behind + 1 & ~1L);
    byte[] raw = pixels.nativeBytes(even, (int) (end - even));
    for (int i = 0; i + 1 < raw.length; i += 2) {
      byte low = raw[i];
      raw[i] = raw[i + 1];
      raw[i + 1] = low;
    }
    byte[] bytes = java.util.Arrays.copyOfRange(raw, (int) (first - even), raw.length);
    return values("", bytes, (int) (begin % 8), pixels.order(), pixels.tag(), format);
  }

  /**
   * Values of one frame.
   *
   * @param bit position of the first pixel in the first byte, for pixels of one bit
   */
  static PixelFrame values(
      String name, byte[] raw, int bit, ByteOrder order, int tag, PixelFormat format) {
    int count = format.count();
    if (format.bitsAllocated() == 1) {
      int[] values = new int[count];
      for (int i = 0; i < count; i++) {
        long at = (long) bit + i;
        values[i] = raw[(int) (at >>> 3)] >>> (at & 7) & 1;
      }
      return integers(format, values);
    }
    ByteBuffer in = ByteBuffer.wrap(raw).order(order);
    if (tag != Tag.PIXEL_DATA) {
      return floats(name, in, format);
    }
    if (format.halfChroma()) {
      return integers(format, halfChroma(raw, count));
    }
    int[] values = new int[count];
    switch (format.bitsAllocated()) {
      case 8 -> {
        for (int i = 0; i < count; i++) {
          values[i] = format.stored(raw[i] & 0xff);
        }
      }
      case 16 -> shorts(in, values, format);
      case 32 -> {
        in.asIntBuffer().get(values);
        if (!format.plain()) {
          for (int i = 0; i < count; i++) {
            values[i] = format.stored(values[i]);
          }
        }
      }
      default ->
          throw new InvalidInputException(
              name,
              "BitsAllocated: "
                  + format.bitsAllocated()
                  + " (expected for integers: 1, 8, 16, 32)");
    }
    if (format.samples() > 1 && format.planar()) {
      values = interleave(values, format.samples());
    }
    return integers(format, values);
  }

  private static PixelFrame integers(PixelFormat format, int[] values) {
    return new PixelFrame(
        format.rows(), format.columns(), format.samples(), values, format.wide(), new float[0]);
  }

  private static void shorts(ByteBuffer in, int[] values, PixelFormat format) {
    short[] cells = new short[values.length];
    in.asShortBuffer().get(cells);
    if (format.plain() && format.signed()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = cells[i];
      }
    } else if (format.plain()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = cells[i] & 0xffff;
      }
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = format.stored(cells[i] & 0xffff);
      }
    }
  }

  private static PixelFrame floats(String name, ByteBuffer in, PixelFormat format) {
    int bits = format.bitsAllocated();
    if (bits != 32 && bits != 64) {
      throw new InvalidInputException(
          name, "BitsAllocated: " + bits + " (expected for floats: 32 or 64)");
    }
    float[] floats = new float[format.count()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = bits == 64 ? (float) in.getDouble() : in.getFloat();
    }
    return new PixelFrame(
        format.rows(), format.columns(), format.samples(), new int[0], false, floats);
  }

  /** Two pixels share their colour: Y1 Y2 Cb Cr (PS3.3 C.7.6.3.1.2). */
  private static int[] halfChroma(byte[] raw, int count) {
    int[] values = new int[count];
    for (int at = 0, to = 0; at + 3 < raw.length && to + 5 < count; at += 4) {
      for (int pixel = 0; pixel < 2; pixel++) {
        values[to++] = raw[at + pixel] & 0xff;
        values[to++] = raw[at + 2] & 0xff;
        values[to++] = raw[at + 3] & 0xff;
      }
    }
    return values;
  }

  static int[] interleave(int[] planes, int samples) {
    int plane = planes.length / samples;
    int[] pixels = new int[planes.length];
    for (int s = 0; s < samples; s++) {
      for (int i = 0; i < plane; i++) {
        pixels[i * samples + s] = planes[s * plane + i];
      }
    }
    return pixels;
  }
}
