package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.util.Arrays;

/** One scan of JPEG-LS: contexts, run mode and Golomb codes of T.87 annex A. Names follow it. */
final class JpegLsScan {
  private static final int REGULAR = 365;

  /** Table A.1: the exponents of run lengths. */
  private static final int[] J = {
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15
  };

  private final String name;
  private final JpegLsParameters p;
  private final int step;
  private final int width;
  private final int components;
  private final int[] a = new int[REGULAR + 2];
  private final int[] b = new int[REGULAR];
  private final int[] c = new int[REGULAR];
  private final int[] n = new int[REGULAR + 2];
  private final int[] negative = new int[2];
  private final int[] runIndex;

  private final byte[] data;
  private int at;
  private long buffer;
  private int held;
  private int missing;
  private boolean afterFf;

  JpegLsScan(
      String name, byte[] data, int at, int width, int components, JpegLsParameters parameters) {
    this.name = name;
    this.data = data;
    this.at = at;
    this.width = width;
    this.components = components;
    this.p = parameters;
    this.step = 2 * parameters.near + 1;
    this.runIndex = new int[components];
    Arrays.fill(a, Math.max(2, (p.range + 32) / 64));
    Arrays.fill(n, 1);
  }

  int position() {
    return afterFf ? at - 1 : at;
  }

  /**
   * Decodes the scan.
   *
   * @param samples to fill, interleaved by component
   * @param first component of this scan
   * @param stride components of the image
   * @param bySample whether the scan's components alternate from pixel to pixel, not line to line
   */
  void decode(int[] samples, int rows, int first, int stride, boolean bySample, int shift) {
    int[][] previous = new int[components][width + 2];
    int[][] current = new int[components][width + 2];
    for (int y = 0; y < rows; y++) {
      for (int i = 0; i < components; i++) {
        previous[i][width + 1] = previous[i][width];
        current[i][0] = previous[i][1];
      }
      if (bySample) {
        lineOfPixels(previous, current);
      } else {
        for (int i = 0; i < components; i++) {
          line(previous[i], current[i], i);
        }
      }
      for (int i = 0; i < components; i++) {
        int to = y * width * stride + first + i;
        for (int x = 1; x <= width; x++, to += stride) {
          samples[to] = current[i][x] << shift;
        }
      }
      int[][] swap = previous;
      previous = current;
      current = swap;
    }
  }

  private void line(int[] above, int[] line, int component) {
    int x = 1;
    while (x <= width) {
      int ra = line[x - 1];
      int rb = above[x];
      int rc = above[x - 1];
      int context = context(ra, rb, rc, above[x + 1]);
      if (context != 0) {
        line[x++] = regular(context, ra, rb, rc);
        continue;
      }
      int run = run(width + 1 - x, component);
      Arrays.fill(line, x, x + run, ra);
      x += run;
      if (x <= width) {
        rb = above[x];
        line[x++] = interruption(ra, rb, Math.abs(ra - rb) <= p.near ? 1 : 0, runIndex[component]);
        shorten(component);
      }
    }
  }

  private void lineOfPixels(int[][] above, int[][] line) {
    int[] contexts = new int[components];
    int x = 1;
    while (x <= width) {
      boolean flat = true;
      for (int i = 0; i < components; i++) {
        contexts[i] = context(line[i][x - 1], above[i][x], above[i][x - 1], above[i][x + 1]);
        flat &= contexts[i] == 0;
      }
      if (!flat) {
        for (int i = 0; i < components; i++) {
          line[i][x] = regular(contexts[i], line[i][x - 1], above[i][x], above[i][x - 1]);
        }
        x++;
        continue;
      }
      int run = run(width + 1 - x, 0);
      for (int i = 0; i < components; i++) {
        Arrays.fill(line[i], x, x + run, line[i][x - 1]);
      }
      x += run;
      if (x <= width) {
        for (int i = 0; i < components; i++) {
          line[i][x] = interruption(line[i][x - 1], above[i][x], 0, runIndex[0]);
        }
        x++;
        shorten(0);
      }
    }
  }

  /** Signed context number; 0 begins run mode. */
  private int context(int ra, int rb, int rc, int rd) {
    return 81 * quantize(rd - rb) + 9 * quantize(rb - rc) + quantize(rc - ra);
  }

  private int quantize(int difference) {
    int size = Math.abs(difference);
    int level = size <= p.near ? 0 : size < p.t1 ? 1 : size < p.t2 ? 2 : size < p.t3 ? 3 : 4;
    return difference < 0 ? -level : level;
  }

  private int regular(int context, int ra, int rb, int rc) {
    int sign = context < 0 ? -1 : 1;
    int q = Math.abs(context);
    int low = Math.min(ra, rb);
    int high = Math.max(ra, rb);
    int prediction = rc >= high ? low : rc <= low ? high : ra + rb - rc;
    prediction = Math.max(0, Math.min(p.maximum, prediction + sign * c[q]));
    int k = 0;
    while (n[q] << k < a[q]) {
      k++;
    }
    int mapped = golomb(k, p.limit);
    int error;
    if (p.near == 0 && k == 0 && 2 * b[q] <= -n[q]) {
      error = (mapped & 1) == 1 ? mapped - 1 >> 1 : -(mapped >> 1) - 1;
    } else {
      error = (mapped & 1) == 0 ? mapped >> 1 : -(mapped + 1 >> 1);
    }
    b[q] += error * step;
    a[q] += Math.abs(error);
    if (n[q] == p.reset) {
      a[q] >>= 1;
      b[q] >>= 1;
      n[q] >>= 1;
    }
    n[q]++;
    if (b[q] <= -n[q]) {
      b[q] = Math.max(b[q] + n[q], 1 - n[q]);
      c[q] = Math.max(-128, c[q] - 1);
    } else if (b[q] > 0) {
      b[q] = Math.min(b[q] - n[q], 0);
      c[q] = Math.min(127, c[q] + 1);
    }
    return reconstruct(prediction, sign * error);
  }

  private int reconstruct(int prediction, int error) {
    int value = prediction + error * step;
    if (value < -p.near) {
      value += p.range * step;
    } else if (value > p.maximum + p.near) {
      value -= p.range * step;
    }
    return Math.max(0, Math.min(p.maximum, value));
  }

  /** The length of a run, at most {@code left}. */
  private int run(int left, int component) {
    int run = 0;
    while (bits(1) == 1) {
      int length = 1 << J[runIndex[component]];
      if (run + length > left) {
        return left;
      }
      run += length;
      if (runIndex[component] < 31) {
        runIndex[component]++;
      }
      if (run == left) {
        return left;
      }
    }
    int rest = J[runIndex[component]];
    run += rest == 0 ? 0 : bits(rest);
    if (run >= left) {
      throw new InvalidInputException(name, "JPEG-LS data is malformed: a run leaves its line");
    }
    return run;
  }

  private void shorten(int component) {
    if (runIndex[component] > 0) {
      runIndex[component]--;
    }
  }

  /** The pixel that ends a run (T.87 A.7.2). */
  private int interruption(int ra, int rb, int type, int index) {
    int q = REGULAR + type;
    int sum = type == 1 ? a[q] + (n[q] >> 1) : a[q];
    int k = 0;
    while (n[q] << k < sum) {
      k++;
    }
    int mapped = golomb(k, p.limit - J[index] - 1);
    int magnitude = mapped + type + 1 >> 1;
    boolean odd = (mapped + type & 1) == 1;
    boolean mostlyNegative = k != 0 || 2 * negative[type] >= n[q];
    int error = odd == mostlyNegative ? -magnitude : magnitude;
    if (error < 0) {
      negative[type]++;
    }
    a[q] += mapped + 1 - type >> 1;
    if (n[q] == p.reset) {
      a[q] >>= 1;
      n[q] >>= 1;
      negative[type] >>= 1;
    }
    n[q]++;
    return type == 1 ? reconstruct(ra, error) : reconstruct(rb, ra > rb ? -error : error);
  }

  private int golomb(int k, int limit) {
    int zeros = 0;
    while (bits(1) == 0) {
      if (++zeros > limit) {
        throw new InvalidInputException(name, "JPEG-LS data is malformed: a code is too long");
      }
    }
    if (zeros >= limit - p.bitsOfRange - 1) {
      return bits(p.bitsOfRange) + 1;
    }
    return k == 0 ? zeros : zeros << k | bits(k);
  }

  private int bits(int count) {
    if (count > 24) {
      throw new InvalidInputException(name, "JPEG-LS data is malformed");
    }
    while (held < count) {
      fill();
    }
    held -= count;
    return (int) (buffer >>> held) & (1 << count) - 1;
  }

  /** Takes one byte; behind 0xFF it has 7 bits, and with its highest bit set it is a marker. */
  private void fill() {
    boolean marker = at >= data.length || afterFf && data[at] < 0;
    if (marker) {
      missing += 8;
      if (missing > 64) {
        throw new InvalidInputException(name, "compressed data is cut off");
      }
      buffer <<= 8;
      held += 8;
      return;
    }
    int next = data[at++] & 0xff;
    int size = afterFf ? 7 : 8;
    buffer = buffer << size | next;
    held += size;
    afterFf = next == 0xff;
  }
}
