package io.radnet.benchmarks.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Measures two ways to do the same in turns: what disturbs the machine for longer than a turn
 * disturbs both, so their ratio holds where neither time does.
 */
final class Pairs {
  private static final double EITHER_SIDE = 0.025;

  private final List<Double> ratios = new ArrayList<>();

  /** Runs both, the first one first at every other call, and keeps the ratio of their times. */
  void add(Callable<?> ours, Callable<?> floor) throws Exception {
    boolean oursFirst = ratios.size() % 2 == 0;
    long one = nanos(oursFirst ? ours : floor);
    long two = nanos(oursFirst ? floor : ours);
    add(oursFirst ? (double) one / two : (double) two / one);
  }

  void add(double ratio) {
    ratios.add(ratio);
  }

  /** How many pairs were measured. */
  int count() {
    return ratios.size();
  }

  private static long nanos(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return System.nanoTime() - start;
  }

  /**
   * The rank, counted from 0, of the lower end of a 95 % interval for the median; the upper end is
   * as far from the top. By the sign test, which assumes nothing of the distribution. Negative
   * where there are too few values.
   */
  static int lowerRank(int count) {
    double probability = Math.pow(0.5, count);
    double below = 0;
    for (int k = 0; k <= count; k++) {
      below += probability;
      if (below > EITHER_SIDE) {
        return k - 1;
      }
      probability *= (double) (count - k) / (k + 1);
    }
    return count;
  }

  /** The median of the ratios and its interval in words. */
  String summary() {
    List<Double> sorted = ratios.stream().sorted().toList();
    int count = sorted.size();
    if (count == 0) {
      return "no pairs";
    }
    double median = 0.5 * (sorted.get((count - 1) / 2) + sorted.get(count / 2));
    int rank = lowerRank(count);
    String interval =
        rank < 0
            ? "too few for an interval"
            : String.format(
                Locale.ROOT,
                "95 %% interval %.3f to %.3f",
                sorted.get(rank),
                sorted.get(count - 1 - rank));
    return String.format(Locale.ROOT, "median ratio %.3f, %s, %d pairs", median, interval, count);
  }
}
