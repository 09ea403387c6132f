package io.radnet.imaging.resample;

/**
 * Linear interpolation along a line at fixed places, see {@link Kernel#linePass}: {@code out[at +
 * n] = a + w (b - a)} with a and b at {@code line[low[n]]} and the place after it.
 */
@FunctionalInterface
interface LinePass {
  /** Places behind the last value of a line that may be read, but do not count. */
  int SLACK = 64;

  /** Fills {@code out} from {@code at} on. */
  void apply(float[] line, float[] out, int at);
}
