package io.radnet.imaging.phantom;

import java.util.List;

/**
 * Seeded random draws (SplitMix64), the same on every machine. A wide source spreads its normal
 * draws further: test patients vary more than training ones.
 */
final class Draw {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double WIDE = 1.5;

  private final long root;
  private final boolean wide;
  private long state;

  Draw(long seed, boolean wide) {
    this.root = mix(seed + GOLDEN);
    this.state = root;
    this.wide = wide;
  }

  /** An independent source for one purpose: more draws for one leave the others as they are. */
  Draw fork(long purpose) {
    return new Draw(mix(root ^ mix(purpose + 0x5851F42D4C957F2DL)), wide);
  }

  /** The same source with or without wider distributions. */
  Draw wide(boolean other) {
    return new Draw(root, other);
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** Evenly in [0, 1). */
  double uniform() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Evenly in [low, high). */
  double uniform(double low, double high) {
    return low + uniform() * (high - low);
  }

  /** A whole number in [0, bound). */
  int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[below(choices.length)];
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** Nearly normal, cut at 2.5 standard deviations; wider where the source is wide. */
  double normal(double mean, double deviation) {
    double z = gaussian();
    double cut = Math.max(-2.5, Math.min(2.5, z));
    return mean + deviation * cut * (wide ? WIDE : 1);
  }

  /** A factor around 1: exp of a normal. */
  double factor(double deviation) {
    return StrictMath.exp(normal(0, deviation));
  }

  /** Sum of four uniforms from one word, mean 0, deviation 1: fast enough for every voxel. */
  double gaussian() {
    long word = next();
    double sum =
        (word & 0xffff) + (word >>> 16 & 0xffff) + (word >>> 32 & 0xffff) + (word >>> 48 & 0xffff);
    return (sum - 131070) * (1.7320508075688772 / 65536);
  }

  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
