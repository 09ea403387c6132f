package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.util.Arrays;

/**
 * Decoder of sequential DCT JPEG with Huffman coding (ITU-T T.81, processes 1, 2 and 4) for samples
 * of 8 or 12 bits: what ImageIO leaves out. Several components need one sampling factor.
 */
final class JpegDct {
  private static final int BLOCK = 64;

  /** Index in a block, row by row, of each coefficient in the order of the stream (figure A.6). */
  private static final int[] ZIGZAG = zigzag();

  /** Half of c(u) cos((2 x + 1) u pi / 16) at {@code 8 * x + u} (A.3.3). */
  private static final float[] COSINES = cosines();

  private final String name;
  private final byte[] data;
  private final int[][] quantization = new int[4][];
  private final HuffmanTable[] dc = new HuffmanTable[4];
  private final HuffmanTable[] ac = new HuffmanTable[4];
  private final float[] block = new float[BLOCK];
  private final float[] halfway = new float[BLOCK];
  private int precision;
  private int rows;
  private int columns;
  private int[] componentIds = new int[0];
  private int[] tableOfComponent = new int[0];
  private int restartInterval;
  private int[] samples = new int[0];

  JpegDct(String name, byte[] data) {
    this.name = name;
    this.data = data;
  }

  private static int[] zigzag() {
    int[] order = new int[BLOCK];
    int at = 0;
    for (int diagonal = 0; diagonal < 15; diagonal++) {
      for (int i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
        int row = diagonal % 2 == 0 ? diagonal - i : i;
        order[at++] = 8 * row + diagonal - row;
      }
    }
    return order;
  }

  private static float[] cosines() {
    float[] table = new float[BLOCK];
    for (int x = 0; x < 8; x++) {
      for (int u = 0; u < 8; u++) {
        double scale = u == 0 ? Math.sqrt(0.5) : 1;
        table[8 * x + u] = (float) (0.5 * scale * Math.cos((2 * x + 1) * u * Math.PI / 16));
      }
    }
    return table;
  }

  /** Samples, interleaved by component. */
  int[] decode() {
    int at = 2;
    int decoded = 0;
    while (at + 4 <= data.length) {
      int marker = data[at + 1] & 0xff;
      if ((data[at] & 0xff) != 0xff || marker == 0xff) {
        at++; // what a scan left over, or a fill byte
        continue;
      }
      if (marker == 0 || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) {
        at += 2;
        continue;
      }
      if (marker == 0xd9) {
        break;
      }
      int length = JpegFrame.unsignedShort(data, at + 2);
      int end = at + 2 + length;
      if (length < 2 || end > data.length) {
        throw malformed("a JPEG segment is cut off");
      }
      at += 4;
      switch (marker) {
        case 0xc0, 0xc1 -> frame(at, end);
        case 0xc4 -> huffmanTables(at, end);
        case 0xdb -> quantizationTables(at, end);
        case 0xdd -> restartInterval = length >= 4 ? JpegFrame.unsignedShort(data, at) : 0;
        default -> {
          if (marker == 0xda) {
            int components = at < end ? data[at] & 0xff : 0;
            end = scan(at, end, components);
            decoded += components;
          }
        }
      }
      at = end;
      if (decoded > 0 && decoded >= componentIds.length) {
        return samples;
      }
    }
    throw malformed("JPEG frame has no complete scan");
  }

  private InvalidInputException malformed(String what) {
    return new InvalidInputException(name, what);
  }

  private void frame(int at, int end) {
    if (end - at < 6 || end - at < 6 + 3 * (data[at + 5] & 0xff) || samples.length > 0) {
      throw malformed("a JPEG frame header is cut off or repeated");
    }
    precision = data[at] & 0xff;
    rows = JpegFrame.unsignedShort(data, at + 1);
    columns = JpegFrame.unsignedShort(data, at + 3);
    componentIds = new int[data[at + 5] & 0xff];
    tableOfComponent = new int[componentIds.length];
    if (precision != 8 && precision != 12
        || rows < 1
        || columns < 1
        || componentIds.length < 1
        || componentIds.length > 4) {
      throw malformed("lossy JPEG of " + precision + " bits (expected: 8 or 12)");
    }
    for (int i = 0; i < componentIds.length; i++) {
      componentIds[i] = data[at + 6 + 3 * i] & 0xff;
      tableOfComponent[i] = data[at + 8 + 3 * i] & 3;
      if (componentIds.length > 1 && data[at + 7 + 3 * i] != 0x11) {
        throw malformed("lossy JPEG of " + precision + " bits with subsampled components");
      }
    }
    samples = new int[rows * columns * componentIds.length];
  }

  private void quantizationTables(int from, int end) {
    int at = from;
    while (at < end) {
      int width = (data[at] & 0xff) >>> 4 == 0 ? 1 : 2;
      int id = data[at++] & 0x0f;
      if (id > 3 || at + BLOCK * width > end) {
        throw malformed("a JPEG quantization table is malformed");
      }
      int[] table = new int[BLOCK];
      for (int i = 0; i < BLOCK; i++, at += width) {
        table[i] = width == 1 ? data[at] & 0xff : JpegFrame.unsignedShort(data, at);
      }
      quantization[id] = table;
    }
  }

  private void huffmanTables(int from, int end) {
    int at = from;
    while (at + 17 <= end) {
      int id = data[at] & 0x0f;
      HuffmanTable[] tables = (data[at] & 0xff) >>> 4 == 0 ? dc : ac;
      byte[] counts = Arrays.copyOfRange(data, at + 1, at + 17);
      int total = 0;
      for (byte count : counts) {
        total += count & 0xff;
      }
      at += 17;
      if (id > 3 || total > 256 || at + total > end) {
        throw malformed("a JPEG Huffman table is malformed");
      }
      tables[id] = new HuffmanTable(name, counts, Arrays.copyOfRange(data, at, at + total));
      at += total;
    }
  }

  /** One component of a scan: its plane, its tables, and the DC value that the next one adds to. */
  private static final class Component {
    private final int plane;
    private final int[] quantization;
    private final HuffmanTable dc;
    private final HuffmanTable ac;
    private int dcBefore;

    Component(int plane, int[] quantization, HuffmanTable dc, HuffmanTable ac) {
      this.plane = plane;
      this.quantization = quantization;
      this.dc = dc;
      this.ac = ac;
    }
  }

  private int scan(int at, int end, int count) {
    if (count < 1
        || count > componentIds.length
        || end - at < 4 + 2 * count
        || samples.length == 0) {
      throw malformed("a JPEG scan header is malformed");
    }
    Component[] components = new Component[count];
    for (int i = 0; i < count; i++) {
      components[i] = component(data[at + 1 + 2 * i] & 0xff, data[at + 2 + 2 * i] & 0xff);
    }
    JpegBits bits = new JpegBits(name, data, end);
    int countdown = restartInterval;
    for (int y = 0; y < rows; y += 8) {
      for (int x = 0; x < columns; x += 8) {
        if (restartInterval > 0 && countdown == 0) {
          bits.restart();
          countdown = restartInterval;
          for (Component component : components) {
            component.dcBefore = 0;
          }
        }
        countdown--;
        for (Component component : components) {
          coefficients(bits, component);
          store(component.plane, y, x);
        }
      }
    }
    return bits.position();
  }

  private Component component(int id, int selectors) {
    int plane = 0;
    while (plane < componentIds.length && componentIds[plane] != id) {
      plane++;
    }
    HuffmanTable dcTable = dc[selectors >>> 4 & 3];
    HuffmanTable acTable = ac[selectors & 3];
    int[] steps = plane < componentIds.length ? quantization[tableOfComponent[plane]] : null;
    if (steps == null || dcTable == null || acTable == null) {
      throw malformed("a JPEG scan names a component or table that is not there");
    }
    return new Component(plane, steps, dcTable, acTable);
  }

  /** Reads and dequantizes the coefficients of one block (F.2.2). */
  private void coefficients(JpegBits bits, Component component) {
    Arrays.fill(block, 0);
    component.dcBefore += bits.difference(component.dc);
    block[0] = (float) component.dcBefore * component.quantization[0];
    for (int k = 1; k < BLOCK; k++) {
      int symbol = bits.symbol(component.ac);
      int size = symbol & 0x0f;
      int run = symbol >>> 4;
      if (size == 0 && run < 15) {
        return; // end of block
      }
      k += run;
      if (k >= BLOCK) {
        throw malformed("compressed data is malformed: a JPEG block has too many coefficients");
      }
      if (size > 0) {
        block[ZIGZAG[k]] = (float) bits.extended(size) * component.quantization[k];
      }
    }
  }

  /** The inverse DCT of the block, cut to the image. */
  private void store(int plane, int top, int left) {
    for (int v = 0; v < 8; v++) {
      for (int x = 0; x < 8; x++) {
        float sum = 0;
        for (int u = 0; u < 8; u++) {
          sum += COSINES[8 * x + u] * block[8 * v + u];
        }
        halfway[8 * v + x] = sum;
      }
    }
    int maximum = (1 << precision) - 1;
    int middle = 1 << precision - 1;
    int step = componentIds.length;
    for (int y = 0; y < 8 && top + y < rows; y++) {
      for (int x = 0; x < 8 && left + x < columns; x++) {
        float sum = 0;
        for (int v = 0; v < 8; v++) {
          sum += COSINES[8 * y + v] * halfway[8 * v + x];
        }
        int value = Math.round(sum) + middle;
        samples[((top + y) * columns + left + x) * step + plane] =
            Math.max(0, Math.min(maximum, value));
      }
    }
  }
}
