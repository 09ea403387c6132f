package io.radnet.imaging.dicom;

/** Coding parameters of a JPEG-LS scan, with the defaults of T.87 C.2.4.1.1. */
final class JpegLsParameters {
  final int maximum;
  final int near;
  final int range;
  final int bitsOfRange;
  final int limit;
  final int t1;
  final int t2;
  final int t3;
  final int reset;

  JpegLsParameters(int maximum, int near, int[] thresholds, int reset) {
    this.maximum = Math.max(1, maximum);
    this.near = Math.min(near, this.maximum / 2);
    this.range = (this.maximum + 2 * this.near) / (2 * this.near + 1) + 1;
    this.bitsOfRange = bits(range - 1);
    int bitsPerPixel = Math.max(2, bits(this.maximum));
    this.limit = 2 * (bitsPerPixel + Math.max(8, bitsPerPixel));
    this.reset = reset == 0 ? 64 : reset;
    int first;
    int second;
    int third;
    if (this.maximum >= 128) {
      int factor = (Math.min(this.maximum, 4095) + 128) / 256;
      first = factor + 2 + 3 * this.near;
      second = 4 * factor + 3 + 5 * this.near;
      third = 17 * factor + 4 + 7 * this.near;
    } else {
      int factor = 256 / (this.maximum + 1);
      first = Math.max(2, 3 / factor + 3 * this.near);
      second = Math.max(3, 7 / factor + 5 * this.near);
      third = Math.max(4, 21 / factor + 7 * this.near);
    }
    t1 = thresholds[0] > 0 ? thresholds[0] : clamp(first, this.near + 1);
    t2 = thresholds[1] > 0 ? thresholds[1] : clamp(second, t1);
    t3 = thresholds[2] > 0 ? thresholds[2] : clamp(third, t2);
  }

  private int clamp(int value, int least) {
    return value > maximum || value < least ? least : value;
  }

  /** Bits that hold a value. */
  private static int bits(int value) {
    return 32 - Integer.numberOfLeadingZeros(value);
  }
}
