package io.radnet.imaging.resample;

/** One of the loops that interpolate some points of a row, see {@link TrilinearPoints}. */
@FunctionalInterface
interface PointStep {
  /** Does its part for the first {@code count} points of {@code corners}. */
  void run(Corners corners, int count);
}
