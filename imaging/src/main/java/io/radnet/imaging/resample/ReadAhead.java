package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Voxels;

/**
 * Reads one value of each cache line of a range. Where a reduction skips source rows, the processor
 * does not see that the rest is read in order, and fetches each row only when it is asked for;
 * reading the skipped rows too takes half the time.
 */
final class ReadAhead {
  /** Above this step most rows are skipped, and reading them costs more than it gains. */
  private static final double DENSE = 4;

  private static final int LINE_BYTES = 64;

  private ReadAhead() {}

  /** Whether it pays for rows that are {@code step} source rows apart. */
  static boolean pays(double step) {
    return step > 0.5 && step <= DENSE;
  }

  /**
   * Touches the values [from, to).
   *
   * @return a number that the caller has to keep, so that the reads are not dropped as unused
   */
  static int touch(Voxels voxels, int from, int to) {
    int end = Math.min(to, voxels.length());
    int sum = 0;
    if (voxels instanceof Voxels.Int16 shorts) {
      short[] values = shorts.values();
      for (int i = from; i < end; i += LINE_BYTES / Short.BYTES) {
        sum ^= values[i];
      }
    } else if (voxels instanceof Voxels.UInt8 bytes) {
      byte[] values = bytes.values();
      for (int i = from; i < end; i += LINE_BYTES) {
        sum ^= values[i];
      }
    } else if (voxels instanceof Voxels.Float32 floats) {
      float[] values = floats.values();
      for (int i = from; i < end; i += LINE_BYTES / Float.BYTES) {
        sum ^= Float.floatToRawIntBits(values[i]);
      }
    }
    return sum;
  }
}
