package io.radnet.imaging.transform;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.resample.ArgmaxPlan;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Windows of logits into a mask on the scan's own grid. The windows are blended by a Gaussian
 * weight, and as soon as no further window can change a slice of the model's grid, the scan's
 * slices that hang on it are labelled and its logits are let go. What is held is about one window
 * deep for a scan whose slices run along the grid's depth, whatever the length of the scan and the
 * number of classes; a scan that lies across needs the logits of its slices' extent.
 *
 * <p>For one thread at a time. Labelling uses the common pool.
 */
public final class WindowBlender {
  /** So that a thread that begins late leaves less to wait for. */
  private static final int RUNS_PER_THREAD = 2;

  private final Geometry grid;
  private final Geometry scan;
  private final int classes;
  private final int[] window;
  private final float[] blending;
  private final ArgmaxPlan plan;
  private final byte[] labels;

  /** Slices of the scan that are not labelled yet, those that wait for the least depth first. */
  private List<Integer> waiting;

  /** The slice of the grid that the buffers begin with; no earlier one is needed any more. */
  private int first;

  /** Slices below this are blended and normalised. */
  private int finished;

  private int capacity;
  private int most;
  private float[] logits = new float[0];
  private float[] weights = new float[0];

  /**
   * @param grid of the model's input
   * @param scan the grid of the mask
   * @param classes C, at most 256
   * @param window sides (depth, height, width)
   * @param sigma of the Gaussian, as a share of a window's side
   */
  public WindowBlender(Geometry grid, Geometry scan, int classes, int[] window, double sigma) {
    this.grid = grid;
    this.scan = scan;
    this.classes = classes;
    this.window = window.clone();
    this.blending = SlidingWindow.blending(window, sigma);
    this.plan = ArgmaxPlan.of(grid, scan);
    this.labels = new byte[Math.toIntExact(scan.voxels())];
    this.waiting =
        IntStream.range(0, scan.depth())
            .boxed()
            .sorted(Comparator.comparingInt(plan::lastSource))
            .toList();
  }

  /** The most slices of the grid that were held so far. */
  public int mostSlicesHeld() {
    return most;
  }

  /**
   * Adds the logits of a window.
   *
   * @param origin of the window (depth, height, width); its depth is never less than that of a
   *     window before, as in {@link SlidingWindow#origins}
   * @param mirror bit 0, 1 or 2 is set where the window was mirrored along depth, height or width
   * @param values [C, D, H, W] from its position on
   */
  public void add(int[] origin, int mirror, FloatBuffer values) {
    if (origin[0] < finished) {
      throw new IllegalArgumentException(
          "origin: depth " + origin[0] + " after " + finished + " (expected: in order)");
    }
    finish(origin[0]);
    hold(origin[0] + window[0]);
    int plane = grid.height() * grid.width();
    float[] row = new float[window[2]];
    for (int c = 0; c < classes; c++) {
      for (int d = 0; d < window[0]; d++) {
        int depth = mirrored(d, 0, mirror);
        for (int h = 0; h < window[1]; h++) {
          int height = mirrored(h, 1, mirror);
          values.get(row);
          if ((mirror & 4) != 0) {
            reverse(row);
          }
          int inSlice = (origin[1] + height) * grid.width() + origin[2];
          int slice = origin[0] + depth - first;
          int weight = (depth * window[1] + height) * window[2];
          int target = (c * capacity + slice) * plane + inSlice;
          for (int w = 0; w < row.length; w++) {
            logits[target + w] += blending[weight + w] * row[w];
          }
          if (c == 0) {
            int sum = slice * plane + inSlice;
            for (int w = 0; w < row.length; w++) {
              weights[sum + w] += blending[weight + w];
            }
          }
        }
      }
    }
  }

  private int mirrored(int position, int axis, int mirror) {
    return (mirror >> axis & 1) == 0 ? position : window[axis] - 1 - position;
  }

  private static void reverse(float[] row) {
    for (int low = 0, high = row.length - 1; low < high; low++, high--) {
      float swap = row[low];
      row[low] = row[high];
      row[high] = swap;
    }
  }

  /** Makes room for the slices from {@link #first} to {@code end}. */
  private void hold(int end) {
    most = Math.max(most, end - first);
    if (end - first <= capacity) {
      return;
    }
    int plane = grid.height() * grid.width();
    int grown = end - first;
    if ((long) classes * grown * plane > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          "scan",
          "needs the logits of "
              + classes
              + " classes on "
              + (long) grown * plane
              + " voxels of the model's grid at once (expected: fewer than 2^31 values)");
    }
    float[] more = new float[classes * grown * plane];
    for (int c = 0; c < classes; c++) {
      System.arraycopy(logits, c * capacity * plane, more, c * grown * plane, capacity * plane);
    }
    logits = more;
    weights = Arrays.copyOf(weights, grown * plane);
    capacity = grown;
  }

  /** No window to come reaches below {@code depth}. */
  private void finish(int depth) {
    if (depth <= finished) {
      return;
    }
    hold(depth);
    int plane = grid.height() * grid.width();
    for (int slice = finished - first; slice < depth - first; slice++) {
      for (int p = slice * plane; p < (slice + 1) * plane; p++) {
        weights[p] = weights[p] > 0 ? 1 / weights[p] : 0;
      }
      for (int c = 0; c < classes; c++) {
        int base = (c * capacity + slice) * plane;
        for (int p = 0; p < plane; p++) {
          logits[base + p] *= weights[slice * plane + p];
        }
      }
    }
    finished = depth;
    label();
    release();
  }

  private void label() {
    int ready = 0;
    while (ready < waiting.size() && plan.lastSource(waiting.get(ready)) < finished) {
      ready++;
    }
    int slice = scan.width() * scan.height();
    runs(waiting.subList(0, ready)).parallelStream()
        .forEach(
            run ->
                plan.slab(
                    logits,
                    classes,
                    first,
                    capacity,
                    labels,
                    run.from() * slice,
                    run.from(),
                    run.to()));
    waiting = waiting.subList(ready, waiting.size());
  }

  /** Slices [from, to) of the scan. */
  private record Run(int from, int to) {}

  /**
   * Slices beside each other, a few runs for each thread: a slice takes over from the one before it
   * what the two interpolate alike.
   */
  private static List<Run> runs(List<Integer> slices) {
    int longest =
        Math.max(
            1, slices.size() / (RUNS_PER_THREAD * (ForkJoinPool.getCommonPoolParallelism() + 1)));
    List<Run> runs = new ArrayList<>();
    int from = -1;
    int to = -1;
    for (int k : slices.stream().sorted().toList()) {
      if (k != to || to - from == longest) {
        if (from >= 0) {
          runs.add(new Run(from, to));
        }
        from = k;
      }
      to = k + 1;
    }
    if (from >= 0) {
      runs.add(new Run(from, to));
    }
    return runs;
  }

  /** Lets go of the slices that no unlabelled slice of the scan needs. */
  private void release() {
    int needed =
        Math.min(finished, waiting.stream().mapToInt(plan::firstSource).min().orElse(finished));
    int gone = needed - first;
    if (gone <= 0) {
      return;
    }
    int plane = grid.height() * grid.width();
    int kept = capacity - gone;
    for (int c = 0; c < classes; c++) {
      int base = c * capacity * plane;
      System.arraycopy(logits, base + gone * plane, logits, base, kept * plane);
      Arrays.fill(logits, base + kept * plane, base + capacity * plane, 0);
    }
    System.arraycopy(weights, gone * plane, weights, 0, kept * plane);
    Arrays.fill(weights, kept * plane, capacity * plane, 0);
    first = needed;
  }

  /**
   * The mask, after the last window. Equal logits give the lowest class; scan voxels outside the
   * grid are background.
   *
   * @param names class to name, background left out
   */
  public LabelMap mask(Map<Integer, String> names) {
    finish(grid.depth());
    logits = new float[0];
    weights = new float[0];
    return new LabelMap(scan, labels, names);
  }
}
