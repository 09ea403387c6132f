package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.concurrent.Executor;

/**
 * From samples to the coefficients of the cubic B-spline that passes through them: one causal and
 * one anticausal recursion along each axis, mirrored at the outermost samples (Unser, Aldroubi and
 * Eden 1993, "B-spline signal processing", part II).
 */
final class SplineFilter {
  private static final float POLE = (float) (Math.sqrt(3) - 2);
  private static final float GAIN = 6;

  /** Samples after which {@code POLE^n} is below float precision. */
  private static final int HORIZON = 14;

  private SplineFilter() {}

  /** Fills {@code out} with the coefficients of {@code voxels}, layout [D, H, W]. */
  static void coefficients(
      Voxels voxels, Geometry grid, float[] out, Slabs slabs, Executor executor, int parallelism) {
    int plane = grid.width() * grid.height();
    slabs.run(
        0,
        grid.depth(),
        executor,
        parallelism,
        (from, to) -> {
          for (int k = from; k < to; k++) {
            load(voxels, out, k * plane, (k + 1) * plane);
            for (int j = 0; j < grid.height(); j++) {
              line(out, k * plane + j * grid.width(), grid.width());
            }
            across(out, k * plane, grid.width(), grid.height(), grid.width());
          }
        });
    slabs.run(
        0,
        grid.height(),
        executor,
        parallelism,
        (from, to) ->
            across(out, from * grid.width(), (to - from) * grid.width(), grid.depth(), plane));
  }

  private static void load(Voxels voxels, float[] out, int from, int to) {
    if (voxels instanceof Voxels.Int16 shorts) {
      short[] values = shorts.values();
      for (int i = from; i < to; i++) {
        out[i] = values[i];
      }
    } else if (voxels instanceof Voxels.UInt8 bytes) {
      byte[] values = bytes.values();
      for (int i = from; i < to; i++) {
        out[i] = values[i] & 0xff;
      }
    } else if (voxels instanceof Voxels.Float32 floats) {
      System.arraycopy(floats.values(), from, out, from, to - from);
    }
  }

  /** One row, in place. */
  private static void line(float[] v, int at, int size) {
    if (size == 1) {
      return;
    }
    float first = 0;
    float power = 1;
    for (int n = 0; n < HORIZON; n++, power *= POLE) {
      first += power * v[at + TapTable.mirrored(n, size)];
    }
    v[at] = first;
    for (int n = 1; n < size; n++) {
      v[at + n] += POLE * v[at + n - 1];
    }
    int last = at + size - 1;
    v[last] = GAIN * POLE / (POLE * POLE - 1) * (v[last] + POLE * v[last - 1]);
    for (int n = size - 2; n >= 0; n--) {
      v[at + n] = POLE * (v[at + n + 1] - GAIN * v[at + n]);
    }
  }

  /**
   * {@code size} samples {@code stride} apart, for {@code count} neighbours at once: the inner
   * loops run over contiguous memory.
   */
  private static void across(float[] v, int at, int count, int size, int stride) {
    if (size == 1) {
      return;
    }
    // a short axis meets its first sample again in the mirror
    float own = 0;
    float power = 1;
    for (int n = 0; n < HORIZON; n++, power *= POLE) {
      own += TapTable.mirrored(n, size) == 0 ? power : 0;
    }
    for (int i = 0; i < count; i++) {
      v[at + i] *= own;
    }
    power = 1;
    for (int n = 0; n < HORIZON; n++, power *= POLE) {
      int from = at + TapTable.mirrored(n, size) * stride;
      for (int i = 0; from != at && i < count; i++) {
        v[at + i] += power * v[from + i];
      }
    }
    for (int n = 1; n < size; n++) {
      int row = at + n * stride;
      for (int i = 0; i < count; i++) {
        v[row + i] += POLE * v[row - stride + i];
      }
    }
    int last = at + (size - 1) * stride;
    float end = GAIN * POLE / (POLE * POLE - 1);
    for (int i = 0; i < count; i++) {
      v[last + i] = end * (v[last + i] + POLE * v[last - stride + i]);
    }
    for (int n = size - 2; n >= 0; n--) {
      int row = at + n * stride;
      for (int i = 0; i < count; i++) {
        v[row + i] = POLE * (v[row + stride + i] - GAIN * v[row + i]);
      }
    }
  }
}
