package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Frames of encapsulated pixel data. */
final class CompressedFrames {
  private static final String RLE = "1.2.840.10008.1.2.5";

  private CompressedFrames() {}

  static PixelFrame decode(DicomFile file, PixelData pixels, PixelFormat format, int index) {
    byte[] frame = frameBytes(file, pixels, index);
    String syntax = file.transferSyntaxUid();
    String name = file.source().name();
    int[] values =
        switch (syntax) {
          case RLE -> runLength(name, frame, format);
          case "1.2.840.10008.1.2.4.50",
              "1.2.840.10008.1.2.4.51",
              "1.2.840.10008.1.2.4.57",
              "1.2.840.10008.1.2.4.70" ->
              image(name, frame, format, "JPEG");
          case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91" ->
              image(name, frame, format, "JPEG2000");
          default ->
              throw new InvalidInputException(name, "no decoder for transfer syntax " + syntax);
        };
    return new PixelFrame(format.rows(), format.columns(), format.samples(), values, new float[0]);
  }

  private static byte[] frameBytes(DicomFile file, PixelData pixels, int index) {
    List<int[]> fragments = pixels.fragments();
    int frames = PixelDecoder.frames(file);
    int first = 0;
    int last = fragments.size();
    if (frames > 1) {
      if (fragments.size() == frames) {
        first = index;
        last = index + 1;
      } else if (pixels.offsetTable().length == frames) {
        first = fragmentAt(fragments, pixels.offsetTable()[index]);
        last =
            index + 1 < frames
                ? fragmentAt(fragments, pixels.offsetTable()[index + 1])
                : fragments.size();
      } else {
        throw new InvalidInputException(
            file.source().name(),
            fragments.size() + " fragments for " + frames + " frames and no offset table");
      }
    }
    if (first >= last) {
      throw new InvalidInputException(
          file.source().name(), "frame " + (index + 1) + " has no fragment");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = first; i < last; i++) {
      out.write(pixels.bytes(), fragments.get(i)[0], fragments.get(i)[1]);
    }
    return out.toByteArray();
  }

  private static int fragmentAt(List<int[]> fragments, long offset) {
    long base = fragments.get(0)[0];
    for (int i = 0; i < fragments.size(); i++) {
      if (fragments.get(i)[0] - base >= offset) {
        return i;
      }
    }
    return fragments.size();
  }

  private static int[] runLength(String name, byte[] frame, PixelFormat format) {
    int bytesPerSample = format.bitsAllocated() / 8;
    int segments = bytesPerSample * format.samples();
    ByteBuffer header = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    if (frame.length < 64 || header.getInt(0) != segments) {
      throw new InvalidInputException(
          name, "RLE header is malformed (expected: " + segments + " segments)");
    }
    int plane = format.rows() * format.columns();
    int[] cells = new int[plane * format.samples()];
    for (int segment = 0; segment < segments; segment++) {
      int sample = segment / bytesPerSample;
      int shift = 8 * (bytesPerSample - 1 - segment % bytesPerSample);
      int at = header.getInt(4 + 4 * segment);
      int end = segment + 1 < segments ? header.getInt(8 + 4 * segment) : frame.length;
      if (at < 64 || end > frame.length || at > end) {
        throw new InvalidInputException(name, "RLE segment " + segment + " lies outside its frame");
      }
      int pixel = 0;
      while (pixel < plane && at < end) {
        int control = frame[at++];
        if (control >= 0) {
          for (int n = control + 1; n > 0 && pixel < plane && at < end; n--) {
            cells[pixel++ * format.samples() + sample] |= (frame[at++] & 0xff) << shift;
          }
        } else if (control != -128 && at < end) {
          int value = (frame[at++] & 0xff) << shift;
          for (int n = 1 - control; n > 0 && pixel < plane; n--) {
            cells[pixel++ * format.samples() + sample] |= value;
          }
        }
      }
      if (pixel < plane) {
        throw new InvalidInputException(
            name, "RLE segment " + segment + " holds " + pixel + " of " + plane + " pixels");
      }
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = format.stored(cells[i]);
    }
    return cells;
  }

  private static int[] image(String name, byte[] frame, PixelFormat format, String codec) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(frame))) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(codec);
      IOException last = null;
      while (readers.hasNext()) {
        ImageReader reader = readers.next();
        try {
          in.seek(0);
          reader.setInput(in, true, true);
          return samples(name, reader, format);
        } catch (IOException next) {
          last = next;
        } finally {
          reader.dispose();
        }
      }
      throw new InvalidInputException(
          name,
          codec + " frame cannot be decoded" + (last == null ? "" : ": " + last.getMessage()));
    } catch (IOException | RuntimeException failure) {
      if (failure instanceof InvalidInputException invalid) {
        throw invalid;
      }
      throw new InvalidInputException(name, codec + " frame cannot be decoded", failure);
    }
  }

  private static int[] samples(String name, ImageReader reader, PixelFormat format)
      throws IOException {
    Raster raster;
    if (format.samples() == 1 && reader.canReadRaster()) {
      raster = reader.readRaster(0, null);
    } else {
      BufferedImage image = reader.read(0);
      raster = image.getRaster();
    }
    if (raster.getWidth() != format.columns()
        || raster.getHeight() != format.rows()
        || raster.getNumBands() < format.samples()) {
      throw new InvalidInputException(
          name,
          "compressed frame: "
              + raster.getHeight()
              + "x"
              + raster.getWidth()
              + "x"
              + raster.getNumBands()
              + " (expected: "
              + format.rows()
              + "x"
              + format.columns()
              + "x"
              + format.samples()
              + ")");
    }
    int[] values = new int[format.rows() * format.columns() * format.samples()];
    int at = 0;
    for (int y = 0; y < format.rows(); y++) {
      for (int x = 0; x < format.columns(); x++) {
        for (int s = 0; s < format.samples(); s++) {
          int sample = raster.getSample(raster.getMinX() + x, raster.getMinY() + y, s);
          values[at++] = format.samples() == 1 ? format.stored(sample) : sample;
        }
      }
    }
    return values;
  }
}
