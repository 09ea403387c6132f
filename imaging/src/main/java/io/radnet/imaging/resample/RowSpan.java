package io.radnet.imaging.resample;

/**
 * The places [from, to) of a row whose points lie between faces of a box. They are consecutive, so
 * a division per face finds them; rounding may leave each end off by one place.
 */
final class RowSpan {
  int from;
  int to;

  /** All places of a row. */
  void all(int width) {
    from = 0;
    to = width;
  }

  /** Keeps those with {@code low <= start + place * step <= high}. */
  void cut(double start, double step, double low, double high) {
    if (step == 0) {
      to = start < low || start > high ? from : to;
      return;
    }
    double a = (low - start) / step;
    double b = (high - start) / step;
    from = (int) Math.max(from, Math.ceil(Math.min(a, b)));
    to = (int) Math.min(to, Math.floor(Math.max(a, b)) + 1);
  }
}
