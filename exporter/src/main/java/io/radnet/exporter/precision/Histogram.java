package io.radnet.exporter.precision;

/**
 * How often magnitudes occur, over any number of volumes. The bins double their width where a value
 * lies beyond the last one, so nothing has to be known beforehand.
 */
final class Histogram {
  /** Steps of a symmetric 8-bit value on one side. */
  private static final int LEVELS = 128;

  private static final int BINS = 4096;
  private static final float SMALLEST = 1e-6f;

  private final long[] counts = new long[BINS];
  private double width = SMALLEST / BINS;
  private long total;

  /** Counts all values. */
  void add(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    while (largest > width * BINS) {
      widen();
    }
    for (float value : values) {
      counts[Math.min(BINS - 1, (int) (Math.abs(value) / width))]++;
    }
    total += values.length;
  }

  private void widen() {
    for (int bin = 0; bin < BINS / 2; bin++) {
      counts[bin] = counts[2 * bin] + counts[2 * bin + 1];
    }
    java.util.Arrays.fill(counts, BINS / 2, BINS, 0);
    width *= 2;
  }

  private float upperEnd(int bin) {
    return (float) Math.max(SMALLEST, width * (bin + 1));
  }

  /** The magnitude that {@code percent} of all values do not exceed, to the width of a bin. */
  float percentile(double percent) {
    long wanted = (long) Math.ceil(percent / 100 * total);
    long seen = 0;
    for (int bin = 0; bin < BINS; bin++) {
      seen += counts[bin];
      if (seen >= wanted) {
        return upperEnd(bin);
      }
    }
    return upperEnd(BINS - 1);
  }

  /**
   * The magnitude to clip at so that what is stored tells most of what there was: the smallest
   * Kullback-Leibler divergence between the values and their {@value #LEVELS} steps (Migacz, 8-bit
   * inference with TensorRT, 2017). Values of exactly zero, of which a ReLU makes many, are kept in
   * any case and are left out.
   */
  float entropy() {
    long[] weights = counts.clone();
    weights[0] = 0;
    int last = lastUsed(weights);
    double best = Double.POSITIVE_INFINITY;
    int chosen = last;
    for (int bins = LEVELS; bins <= last + 1; bins += bins / LEVELS) {
      double divergence = divergence(weights, bins, last);
      if (divergence < best) {
        best = divergence;
        chosen = bins - 1;
      }
    }
    return upperEnd(chosen);
  }

  private static int lastUsed(long[] weights) {
    int last = BINS - 1;
    while (last > 0 && weights[last] == 0) {
      last--;
    }
    return last;
  }

  /** Between the first {@code bins}, all beyond clipped into the last of them, and their steps. */
  private static double divergence(long[] weights, int bins, int last) {
    double[] kept = new double[bins];
    double clipped = 0;
    for (int bin = 0; bin <= last; bin++) {
      if (bin < bins) {
        kept[bin] = weights[bin];
      } else {
        clipped += weights[bin];
      }
    }
    double[] stored = steps(kept);
    kept[bins - 1] += clipped;
    double keptSum = java.util.Arrays.stream(kept).sum();
    double storedSum = java.util.Arrays.stream(stored).sum();
    double divergence = 0;
    for (int bin = 0; bin < bins; bin++) {
      if (kept[bin] > 0) {
        double p = kept[bin] / keptSum;
        // Clipped values that no step stands for must cost, but not infinitely much.
        double q = Math.max(stored[bin] / storedSum, 1e-12);
        divergence += p * Math.log(p / q);
      }
    }
    return divergence;
  }

  /** What is left where only {@value #LEVELS} values can be told apart. */
  private static double[] steps(double[] kept) {
    double[] stored = new double[kept.length];
    for (int level = 0; level < LEVELS; level++) {
      int from = (int) ((long) level * kept.length / LEVELS);
      int to = (int) ((level + 1L) * kept.length / LEVELS);
      double sum = 0;
      int used = 0;
      for (int bin = from; bin < to; bin++) {
        sum += kept[bin];
        used += kept[bin] > 0 ? 1 : 0;
      }
      for (int bin = from; bin < to; bin++) {
        stored[bin] = kept[bin] > 0 ? sum / used : 0;
      }
    }
    return stored;
  }
}
