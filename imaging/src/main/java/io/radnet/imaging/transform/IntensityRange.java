package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;

/**
 * The values that become 0 and 1, in the units of the scan.
 *
 * @param lower becomes 0
 * @param upper becomes 1; not above {@code lower} where the scan is constant, and then all is 0
 */
record IntensityRange(double lower, double upper) {
  private static final int FLOAT_BINS = 1 << 16;

  /** HU below which only air and lung are. */
  private static final double AIR = -500;

  private static final double LOWEST_PERCENT = 0.5;
  private static final double HIGHEST_PERCENT = 99.5;

  static IntensityRange of(Volume scan, Recipe.Intensity intensity) {
    return switch (intensity.kind()) {
      case WINDOW -> new IntensityRange(intensity.lower(), intensity.upper());
      case PERCENTILE -> percentiles(scan, intensity.lower(), intensity.upper());
      case CT_WINDOW -> {
        IntensityRange own = percentiles(scan, LOWEST_PERCENT, HIGHEST_PERCENT);
        yield own.lower() < AIR ? new IntensityRange(intensity.lower(), intensity.upper()) : own;
      }
    };
  }

  /**
   * Percentiles from a histogram: exact for integer voxels, to 1/65536 of the value range for
   * floats. Voxels that are not finite do not count.
   */
  private static IntensityRange percentiles(Volume scan, double lower, double upper) {
    Voxels voxels = scan.voxels();
    Histogram histogram =
        voxels instanceof Voxels.Float32 floats ? floats(floats) : integers(voxels);
    boolean falling = scan.slope() < 0;
    double low = histogram.percentile(falling ? 100 - lower : lower);
    double high = histogram.percentile(falling ? 100 - upper : upper);
    return new IntensityRange(
        scan.slope() * low + scan.intercept(), scan.slope() * high + scan.intercept());
  }

  private static Histogram integers(Voxels voxels) {
    long[] counts = new long[1 << 16];
    if (voxels instanceof Voxels.Int16 shorts) {
      for (short value : shorts.values()) {
        counts[value - Short.MIN_VALUE]++;
      }
    } else {
      for (int i = 0; i < voxels.length(); i++) {
        counts[(int) voxels.stored(i) - Short.MIN_VALUE]++;
      }
    }
    return new Histogram(counts, Short.MIN_VALUE, 1);
  }

  private static Histogram floats(Voxels.Float32 voxels) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : voxels.values()) {
      if (Float.isFinite(value)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    if (!(least < most)) {
      return new Histogram(new long[] {1}, Float.isFinite(least) ? least : 0, 0);
    }
    double width = ((double) most - least) / (FLOAT_BINS - 1);
    long[] counts = new long[FLOAT_BINS];
    for (float value : voxels.values()) {
      if (Float.isFinite(value)) {
        counts[(int) Math.rint((value - (double) least) / width)]++;
      }
    }
    return new Histogram(counts, least, width);
  }

  private record Histogram(long[] counts, double first, double width) {
    /** The value of the voxel at that share of the sorted voxels, without interpolation. */
    double percentile(double percent) {
      long total = 0;
      for (long count : counts) {
        total += count;
      }
      long rank = (long) Math.floor(Math.max(0, Math.min(100, percent)) / 100 * (total - 1));
      long seen = 0;
      for (int bin = 0; bin < counts.length; bin++) {
        seen += counts[bin];
        if (seen > rank) {
          return first + bin * width;
        }
      }
      return first + (counts.length - 1) * width;
    }
  }
}
