package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegDctTest {
  /** T.81 figure A.6. */
  private static final int[] ZIGZAG = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  @ParameterizedTest
  @CsvSource({"12,13,21,0", "12,8,8,0", "12,40,24,2", "8,17,9,1"})
  void imagesComeBackWithinTheRoundingOfTheTransform(
      int precision, int rows, int columns, int restartInterval) {
    int[] image = image(precision, rows, columns);
    byte[] stream = new Encoder(precision, rows, columns, restartInterval).encode(image);
    int[] decoded = new JpegDct("test", stream).decode();
    assertThat(decoded).hasSameSizeAs(image);
    for (int i = 0; i < image.length; i++) {
      assertThat(decoded[i]).as("pixel %d", i).isBetween(image[i] - 1, image[i] + 1);
    }
  }

  @Test
  void theFrameHeaderLeadsHere() {
    int[] image = image(12, 16, 16);
    byte[] stream = new Encoder(12, 16, 16, 0).encode(image);
    JpegFrame header = JpegFrame.read("test", stream);
    assertThat(JpegLossy.decode("test", stream, header)).hasSize(256);
  }

  @Test
  void aStreamThatIsCutOffIsInvalidInput() {
    byte[] stream = new Encoder(12, 64, 64, 0).encode(image(12, 64, 64));
    for (int length = 2; length < stream.length - 400; length += 37) {
      byte[] cut = Arrays.copyOf(stream, length);
      assertThatThrownBy(() -> new JpegDct("test", cut).decode())
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void noiseIsInvalidInputOrAnImage() {
    byte[] stream = new Encoder(12, 32, 32, 3).encode(image(12, 32, 32));
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = stream.clone();
      for (int n = 0; n < 4; n++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(new JpegDct("test", damaged).decode()).isNotEmpty();
      } catch (InvalidInputException expected) {
        assertThat(expected).hasMessageStartingWith("test: ");
      }
    }
  }

  private static int[] image(int precision, int rows, int columns) {
    Random random = new Random(3);
    int top = (1 << precision) - 1;
    int[] image = new int[rows * columns];
    for (int i = 0; i < image.length; i++) {
      double wave = Math.sin(i % columns / 3.0) * Math.cos(i / columns / 4.0);
      image[i] =
          (int) Math.max(0, Math.min(top, top * (0.5 + 0.4 * wave) + random.nextInt(top / 8)));
    }
    return image;
  }

  /** A plain encoder: all quantization steps 1, all Huffman codes of 8 bits. */
  private static final class Encoder {
    private final int precision;
    private final int rows;
    private final int columns;
    private final int restartInterval;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int bitBuffer;
    private int bitCount;

    Encoder(int precision, int rows, int columns, int restartInterval) {
      this.precision = precision;
      this.rows = rows;
      this.columns = columns;
      this.restartInterval = restartInterval;
    }

    byte[] encode(int[] image) {
      bytes(0xff, 0xd8, 0xff, 0xdb, 0, 67, 0);
      for (int i = 0; i < 64; i++) {
        bytes(1);
      }
      bytes(0xff, 0xc1, 0, 11, precision, rows >> 8, rows, columns >> 8, columns, 1, 1, 0x11, 0);
      table(0x00, 16);
      table(0x10, 255);
      bytes(0xff, 0xdd, 0, 4, restartInterval >> 8, restartInterval);
      bytes(0xff, 0xda, 0, 8, 1, 1, 0x00, 0, 63, 0);
      int before = 0;
      int blocks = 0;
      for (int y = 0; y < rows; y += 8) {
        for (int x = 0; x < columns; x += 8, blocks++) {
          if (restartInterval > 0 && blocks > 0 && blocks % restartInterval == 0) {
            flush();
            bytes(0xff, 0xd0 + (blocks / restartInterval - 1) % 8);
            before = 0;
          }
          before = block(image, y, x, before);
        }
      }
      flush();
      bytes(0xff, 0xd9);
      return out.toByteArray();
    }

    /** Symbol s has the code s, of 8 bits; 0xff stays free, as codes of ones only are forbidden. */
    private void table(int id, int symbols) {
      int length = 19 + symbols;
      bytes(
          0xff,
          0xc4,
          length >> 8,
          length,
          id,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          symbols,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0);
      for (int i = 0; i < symbols; i++) {
        bytes(i);
      }
    }

    private int block(int[] image, int top, int left, int before) {
      double[] values = new double[64];
      for (int i = 0; i < 64; i++) {
        int y = Math.min(rows - 1, top + i / 8);
        int x = Math.min(columns - 1, left + i % 8);
        values[i] = image[y * columns + x] - (1 << precision - 1);
      }
      int[] coefficients = new int[64];
      for (int v = 0; v < 8; v++) {
        for (int u = 0; u < 8; u++) {
          double sum = 0;
          for (int i = 0; i < 64; i++) {
            sum +=
                values[i]
                    * Math.cos((2 * (i / 8) + 1) * v * Math.PI / 16)
                    * Math.cos((2 * (i % 8) + 1) * u * Math.PI / 16);
          }
          double scale = 0.25 * (u == 0 ? Math.sqrt(0.5) : 1) * (v == 0 ? Math.sqrt(0.5) : 1);
          coefficients[8 * v + u] = (int) Math.rint(scale * sum);
        }
      }
      code(coefficients[0] - before, 0);
      int run = 0;
      for (int k = 1; k < 64; k++) {
        int value = coefficients[ZIGZAG[k]];
        if (value == 0) {
          run++;
          continue;
        }
        for (; run > 15; run -= 16) {
          bits(0xf0, 8);
        }
        code(value, run);
        run = 0;
      }
      if (run > 0) {
        bits(0, 8);
      }
      return coefficients[0];
    }

    private void code(int value, int run) {
      int size = 32 - Integer.numberOfLeadingZeros(Math.abs(value));
      bits(run << 4 | size, 8);
      bits(value < 0 ? value + (1 << size) - 1 : value, size);
    }

    private void bits(int value, int count) {
      for (int i = count - 1; i >= 0; i--) {
        bitBuffer = bitBuffer << 1 | value >> i & 1;
        if (++bitCount == 8) {
          bytes(bitBuffer);
          if (bitBuffer == 0xff) {
            bytes(0);
          }
          bitBuffer = 0;
          bitCount = 0;
        }
      }
    }

    private void flush() {
      while (bitCount > 0) {
        bits(1, 1);
      }
    }

    private void bytes(int... values) {
      for (int value : values) {
        out.write(value);
      }
    }
  }
}
