package io.radnet.exporter.graph;

/**
 * IEEE 754 binary16. Java has conversions of its own from version 20 on.
 *
 * <p>Rounds to nearest, ties to even; a value beyond 65504 becomes infinite, as the standard says.
 */
public final class HalfPrecision {
  /** The largest finite value. */
  public static final float LARGEST = 65504f;

  private static final int MANTISSA_BITS = 10;
  private static final int DROPPED_BITS = 23 - MANTISSA_BITS;
  private static final int SMALLEST_NORMAL_EXPONENT = -14;

  private HalfPrecision() {}

  /** The nearest half-precision value, as its 16 bits. */
  public static short fromFloat(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    int exponent = (magnitude >>> 23) - 127;
    if (exponent > 15) {
      return (short) (sign | 0x7c00);
    }
    int mantissa = (magnitude & 0x7fffff) | 0x800000;
    int shift = DROPPED_BITS;
    int biased = exponent + 15;
    if (exponent < SMALLEST_NORMAL_EXPONENT) {
      shift += SMALLEST_NORMAL_EXPONENT - exponent;
      if (shift > 24) {
        return (short) sign;
      }
      biased = 0;
    }
    int kept = mantissa >>> shift;
    int rest = mantissa & ((1 << shift) - 1);
    int half = 1 << (shift - 1);
    if (rest > half || (rest == half && (kept & 1) == 1)) {
      kept++;
    }
    // The hidden bit of a normal number adds one to the exponent, and so does a carry.
    int result = biased == 0 ? kept : ((biased - 1) << MANTISSA_BITS) + kept;
    return (short) (sign | Math.min(result, 0x7c00));
  }

  /** The exact value of 16 bits. */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> MANTISSA_BITS) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (mantissa << DROPPED_BITS));
    }
    if (exponent == 0) {
      float value = mantissa * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << DROPPED_BITS));
  }
}
