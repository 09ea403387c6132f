package io.radnet.server.scan;

import io.radnet.imaging.resample.ArgmaxPlan;
import io.radnet.imaging.volume.Geometry;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.Arrays;

/**
 * Blended logits of the slices that windows still reach, and the labels of those they have left.
 * Windows come in the order of their first slice; so what lies before it is final, turns into
 * labels on the scan's grid, and makes room. Memory is the depth of a window or two times the
 * classes, not the scan times the classes. Only where a slice of the scan crosses many slices of
 * the model's grid, as in a scan of another orientation, are all of those kept until it is done.
 */
final class LogitSlabs {
  private final ArgmaxPlan plan;
  private final int classes;
  private final int depth;
  private final int plane;
  private final int targetPlane;
  private final int windowDepth;
  private final int[] firsts;
  private final int[] lasts;
  private final int capacity;
  private final float[] logits;
  private final float[] weights;
  private final byte[] labels;
  private final boolean[] done;
  private int low;
  private int normalised;

  /**
   * @param grid the model's grid over the whole scan
   * @param scan the grid of the labels
   * @param classes 1 to 256
   * @param starts first slices of all windows, ascending
   * @param windowDepth slices of one window
   * @throws RequestException where even the slices in use do not fit into one array
   */
  LogitSlabs(Geometry grid, Geometry scan, int classes, int[] starts, int windowDepth) {
    this.plan = ArgmaxPlan.of(grid, scan);
    this.classes = classes;
    this.depth = grid.depth();
    this.plane = grid.width() * grid.height();
    this.targetPlane = scan.width() * scan.height();
    this.windowDepth = windowDepth;
    this.firsts = new int[scan.depth()];
    this.lasts = new int[scan.depth()];
    for (int k = 0; k < firsts.length; k++) {
      // One slice more on each side: the plan and the voxel may round to different slices.
      firsts[k] = Math.max(0, plan.firstSource(k) - 1);
      lasts[k] = Math.min(depth - 1, plan.lastSource(k) + 1);
    }
    this.done = new boolean[scan.depth()];
    this.capacity = capacity(starts);
    long values = (long) capacity * plane * classes;
    if (values > Integer.MAX_VALUE - 8) {
      throw new RequestException(
          Reason.TOO_LARGE,
          "scan: "
              + capacity
              + " slices of "
              + plane
              + " voxels x "
              + classes
              + " classes are needed at once");
    }
    this.logits = new float[(int) values];
    this.weights = new float[capacity * plane];
    this.labels = new byte[Math.toIntExact(scan.voxels())];
  }

  private int capacity(int[] starts) {
    int most = 0;
    for (int start : starts) {
      most = Math.max(most, Math.min(depth, start + windowDepth) - needed(start));
    }
    return most;
  }

  /** The first slice that is still needed when all windows that begin before {@code start} ran. */
  private int needed(int start) {
    int needed = start;
    for (int k = 0; k < firsts.length; k++) {
      if (lasts[k] >= start) {
        needed = Math.min(needed, firsts[k]);
      }
    }
    return needed;
  }

  /** Slices held at once. */
  int capacity() {
    return capacity;
  }

  /** Tells that no window that begins before {@code start} comes any more. */
  void advance(int start) {
    normalise(start);
    for (int k = 0; k < done.length; k++) {
      if (!done[k] && lasts[k] < start) {
        int from = k;
        while (k < done.length && !done[k] && lasts[k] < start) {
          done[k++] = true;
        }
        plan.slab(logits, classes, low, capacity, labels, from * targetPlane, from, k);
      }
    }
    shift(Math.min(needed(start), depth));
  }

  private void normalise(int end) {
    for (int slice = normalised; slice < end; slice++) {
      int at = (slice - low) * plane;
      for (int voxel = at; voxel < at + plane; voxel++) {
        weights[voxel] = weights[voxel] > 0 ? 1 / weights[voxel] : 0;
      }
      for (int c = 0; c < classes; c++) {
        int base = c * capacity * plane;
        for (int voxel = at; voxel < at + plane; voxel++) {
          logits[base + voxel] *= weights[voxel];
        }
      }
    }
    normalised = Math.max(normalised, end);
  }

  private void shift(int needed) {
    int gone = Math.min(needed - low, capacity) * plane;
    if (gone <= 0) {
      return;
    }
    int kept = capacity * plane - gone;
    move(weights, 0, gone, kept);
    for (int c = 0; c < classes; c++) {
      move(logits, c * capacity * plane, gone, kept);
    }
    low = needed;
  }

  private static void move(float[] values, int base, int gone, int kept) {
    System.arraycopy(values, base + gone, values, base, kept);
    Arrays.fill(values, base + kept, base + kept + gone, 0);
  }

  /**
   * Adds a row of one class.
   *
   * @param at the row's first voxel within its slice
   * @param row logits
   * @param blending weights; those of the row begin at {@code weight}
   */
  void add(int c, int slice, int at, float[] row, float[] blending, int weight) {
    int target = (slice - low) * plane + at;
    int base = c * capacity * plane + target;
    for (int n = 0; n < row.length; n++) {
      logits[base + n] += blending[weight + n] * row[n];
    }
    if (c == 0) {
      for (int n = 0; n < row.length; n++) {
        weights[target + n] += blending[weight + n];
      }
    }
  }

  /** The labels of the whole scan, layout [D, H, W]; the last call. */
  byte[] finish() {
    advance(depth);
    return labels;
  }
}
