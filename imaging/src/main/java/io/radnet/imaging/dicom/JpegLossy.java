package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Lossy JPEG: 8 bits through ImageIO, colour becomes RGB; 12 bits by {@link JpegDct}. */
final class JpegLossy {
  private JpegLossy() {}

  static int[] decode(String name, byte[] frame, JpegFrame header) {
    if (header.precision() != 8) {
      if (header.marker() != JpegFrame.BASELINE && header.marker() != JpegFrame.EXTENDED) {
        throw new InvalidInputException(
            name, "progressive JPEG of " + header.precision() + " bits has no decoder");
      }
      return new JpegDct(name, frame).decode();
    }
    return ImageReading.decode(
        name, frame, "JPEG", header.rows(), header.columns(), header.components());
  }

  /** What the codecs of ImageIO share. */
  static final class ImageReading {
    private ImageReading() {}

    static int[] decode(
        String name, byte[] frame, String codec, int rows, int columns, int samples) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(codec);
      Throwable last = null;
      while (readers.hasNext()) {
        ImageReader reader = readers.next();
        try (ImageInputStream in =
            new MemoryCacheImageInputStream(new ByteArrayInputStream(frame))) {
          reader.setInput(in, true, true);
          Raster raster =
              samples == 1 && reader.canReadRaster()
                  ? reader.readRaster(0, null)
                  : reader.read(0).getRaster();
          return samples(name, raster, rows, columns, samples);
        } catch (InvalidInputException invalid) {
          throw invalid;
        } catch (IOException | RuntimeException next) {
          last = next; // codecs answer malformed streams with all kinds of exceptions
        } catch (VirtualMachineError fatal) {
          throw fatal;
        } catch (Error threadDeath) {
          // jj2000 answers a cut-off stream by ending its thread, which may be one of a server.
          last = threadDeath;
        } finally {
          reader.dispose();
        }
      }
      if (last == null) {
        throw new InvalidInputException(name, codec + " has no decoder on the class path");
      }
      throw new InvalidInputException(
          name, codec + " frame cannot be decoded: " + last.getClass().getSimpleName(), last);
    }

    private static int[] samples(String name, Raster raster, int rows, int columns, int samples) {
      if (raster.getWidth() != columns
          || raster.getHeight() != rows
          || raster.getNumBands() < samples) {
        throw new InvalidInputException(
            name,
            "compressed frame: "
                + raster.getHeight()
                + "x"
                + raster.getWidth()
                + "x"
                + raster.getNumBands()
                + " (expected: "
                + rows
                + "x"
                + columns
                + "x"
                + samples
                + ")");
      }
      int[] values = new int[rows * columns * samples];
      int[] line = new int[columns];
      for (int y = 0; y < rows; y++) {
        for (int s = 0; s < samples; s++) {
          raster.getSamples(raster.getMinX(), raster.getMinY() + y, columns, 1, s, line);
          for (int x = 0; x < columns; x++) {
            values[(y * columns + x) * samples + s] = line[x];
          }
        }
      }
      return values;
    }
  }
}
