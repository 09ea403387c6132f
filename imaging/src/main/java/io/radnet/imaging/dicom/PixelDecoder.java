package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns pixel data into stored values. MONOCHROME1 is not inverted; rescale slope and intercept are
 * not applied.
 */
public final class PixelDecoder {
  private PixelDecoder() {}

  /** The number of frames, 1 where the file does not say. */
  public static int frames(DicomFile file) {
    return Math.max(1, file.dataset().integer(Tag.NUMBER_OF_FRAMES).orElse(1));
  }

  /**
   * Decodes all frames.
   *
   * @throws InvalidInputException where there are no pixels, they are cut off, or the transfer
   *     syntax has no decoder
   */
  public static List<PixelFrame> decode(DicomFile file) {
    List<PixelFrame> frames = new ArrayList<>();
    for (int i = 0; i < frames(file); i++) {
      frames.add(frame(file, i));
    }
    return frames;
  }

  /**
   * Decodes one frame.
   *
   * @param index from 0
   * @throws InvalidInputException where there are no pixels, they are cut off, or the transfer
   *     syntax has no decoder
   */
  public static PixelFrame frame(DicomFile file, int index) {
    PixelData pixels =
        file.pixelData()
            .orElseThrow(() -> new InvalidInputException(file.source().name(), "no pixel data"));
    PixelFormat format = PixelFormat.of(file);
    if (pixels.encapsulated()) {
      return CompressedFrames.decode(file, pixels, format, index);
    }
    return nativeFrame(file, pixels, format, index);
  }

  private static PixelFrame nativeFrame(
      DicomFile file, PixelData pixels, PixelFormat format, int index) {
    long bits = (long) format.rows() * format.columns() * format.samples() * format.bitsAllocated();
    long begin = bits * index;
    if ((begin + bits + 7) / 8 > pixels.length()) {
      throw new InvalidInputException(
          file.source().name(),
          "pixel data holds "
              + pixels.length()
              + " bytes (expected: "
              + (begin + bits + 7) / 8
              + ")");
    }
    if (format.bitsAllocated() == 1) {
      int[] values = new int[format.rows() * format.columns()];
      for (int i = 0; i < values.length; i++) {
        long bit = begin + i;
        values[i] = pixels.bytes()[pixels.offset() + (int) (bit >>> 3)] >>> (bit & 7) & 1;
      }
      return new PixelFrame(format.rows(), format.columns(), 1, values, new float[0]);
    }
    ByteBuffer in =
        ByteBuffer.wrap(pixels.bytes(), pixels.offset() + (int) (begin / 8), (int) (bits / 8))
            .order(file.byteOrder());
    int count = format.rows() * format.columns() * format.samples();
    if (pixels.tag() != Tag.PIXEL_DATA) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = format.bitsAllocated() == 64 ? (float) in.getDouble() : in.getFloat();
      }
      return new PixelFrame(format.rows(), format.columns(), format.samples(), new int[0], floats);
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      int raw =
          switch (format.bitsAllocated()) {
            case 8 -> in.get();
            case 16 -> in.getShort();
            case 32 -> in.getInt();
            default ->
                throw new InvalidInputException(
                    file.source().name(),
                    "BitsAllocated: " + format.bitsAllocated() + " (expected: 1, 8, 16 or 32)");
          };
      values[i] = format.stored(raw);
    }
    if (format.samples() > 1 && format.planar()) {
      values = interleave(values, format.samples());
    }
    return new PixelFrame(format.rows(), format.columns(), format.samples(), values, new float[0]);
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
