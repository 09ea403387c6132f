package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
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

  /** How many frames the pixel data of the file can hold at most, whatever its header says. */
  public static long held(DicomFile file) {
    if (file.pixelData().isEmpty()) {
      return 0;
    }
    PixelData pixels = file.pixelData().get();
    if (pixels.encapsulated()) {
      return pixels.fragments().count();
    }
    PixelFormat format = PixelFormat.of(file);
    return 8 * pixels.length() / ((long) format.count() * format.bitsAllocated());
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
   * Decodes one frame; reads no other.
   *
   * @param index from 0
   * @throws InvalidInputException where there are no pixels, they are cut off, or the transfer
   *     syntax has no decoder
   */
  public static PixelFrame frame(DicomFile file, int index) {
    String name = file.source().name();
    if (index < 0 || index >= frames(file)) {
      throw new InvalidInputException(
          name, "frame " + (index + 1) + " of " + frames(file) + " does not exist");
    }
    PixelData pixels =
        file.pixelData()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        name, file.hasPixelData() ? "pixel data was not read" : "no pixel data"));
    PixelFormat format = PixelFormat.of(file);
    return pixels.encapsulated()
        ? CompressedFrames.decode(file, pixels, format, index)
        : NativeFrames.decode(name, pixels, format, index);
  }
}
