package io.radnet.trainer.segmentation;

import io.radnet.imaging.volume.Geometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws training windows. Two of three windows are centred near a voxel of a foreground class (each
 * class as often as the others), the rest anywhere, since organs fill a small part of a scan. Each
 * is turned within the slice plane, scaled, and changed in brightness; mirroring is not used,
 * because organs have a side. What is drawn depends on seed and step only.
 */
final class PatchSampler {
  private static final double FOREGROUND = 2.0 / 3;
  private static final double LARGEST_TURN = Math.toRadians(12);
  private static final double SCALE_SPREAD = 0.15;
  private static final double GAMMA_SPREAD = 0.25;
  private static final double GAIN_SPREAD = 0.1;
  private static final double LARGEST_NOISE = 0.04;
  private static final int KEPT_VOXELS = 20_000;

  private final List<SegmentationSample> samples;
  private final List<List<int[]>> foreground = new ArrayList<>();
  private final int[] window;
  private final int classes;
  private final long seed;

  /**
   * A batch of windows.
   *
   * @param count N
   * @param volumes [N, 1, D, H, W] in [0, 1], float32 in native order; a direct buffer that an
   *     array may use without copying
   * @param labels [N, D, H, W], class indices
   */
  record Patches(int count, ByteBuffer volumes, byte[] labels) {
    /** At most this many parts of nearly equal size, each of at least one window. */
    List<Patches> parts(int most) {
      int used = Math.min(most, count);
      if (used == 1) {
        return List.of(this);
      }
      int voxels = labels.length / count;
      List<Patches> parts = new ArrayList<>(used);
      for (int p = 0; p < used; p++) {
        int from = p * count / used;
        int to = (p + 1) * count / used;
        parts.add(
            new Patches(
                to - from,
                volumes
                    .slice(from * voxels * Float.BYTES, (to - from) * voxels * Float.BYTES)
                    .order(ByteOrder.nativeOrder()),
                Arrays.copyOfRange(labels, from * voxels, to * voxels)));
      }
      return parts;
    }
  }

  /**
   * @param window depth, height, width
   * @param classes background included
   */
  PatchSampler(List<SegmentationSample> samples, List<Integer> window, int classes, long seed) {
    this.samples = List.copyOf(samples);
    this.window = new int[] {window.get(0), window.get(1), window.get(2)};
    this.classes = classes;
    this.seed = seed;
    for (SegmentationSample sample : samples) {
      foreground.add(voxelsPerClass(sample));
    }
  }

  /** For each foreground class some of its voxels, evenly taken, as linear indices. */
  private List<int[]> voxelsPerClass(SegmentationSample sample) {
    byte[] labels = sample.mask().labels();
    int[] counts = new int[classes];
    for (byte label : labels) {
      if ((label & 0xff) < classes) {
        counts[label & 0xff]++;
      }
    }
    List<int[]> found = new ArrayList<>();
    for (int c = 1; c < classes; c++) {
      if (counts[c] > 0) {
        int every = (counts[c] + KEPT_VOXELS - 1) / KEPT_VOXELS;
        int[] voxels = new int[(counts[c] + every - 1) / every];
        int seen = 0;
        for (int v = 0; v < labels.length; v++) {
          if ((labels[v] & 0xff) == c && seen++ % every == 0) {
            voxels[(seen - 1) / every] = v;
          }
        }
        found.add(voxels);
      }
    }
    return found;
  }

  /** The windows of a step. */
  Patches draw(long step, int size) {
    int voxels = window[0] * window[1] * window[2];
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Float.BYTES * size * voxels).order(ByteOrder.nativeOrder());
    FloatBuffer volumes = bytes.asFloatBuffer();
    byte[] labels = new byte[size * voxels];
    SplittableRandom random =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step * 0xD1342543DE82EF95L);
    float[] patch = new float[voxels];
    for (int n = 0; n < size; n++) {
      int index = random.nextInt(samples.size());
      SegmentationSample sample = samples.get(index);
      cut(sample, centre(sample, foreground.get(index), random), random, patch, labels, n * voxels);
      brightness(patch, random);
      volumes.put(patch);
    }
    return new Patches(size, bytes, labels);
  }

  private double[] centre(
      SegmentationSample sample, List<int[]> classVoxels, SplittableRandom random) {
    Geometry grid = sample.input().geometry();
    int[] size = {grid.depth(), grid.height(), grid.width()};
    double[] centre = new double[3];
    if (!classVoxels.isEmpty() && random.nextDouble() < FOREGROUND) {
      int[] voxels = classVoxels.get(random.nextInt(classVoxels.size()));
      int voxel = voxels[random.nextInt(voxels.length)];
      centre[0] = voxel / (grid.height() * grid.width());
      centre[1] = voxel / grid.width() % grid.height();
      centre[2] = voxel % grid.width();
      for (int axis = 0; axis < 3; axis++) {
        centre[axis] += (random.nextDouble() - 0.5) * 0.5 * window[axis];
      }
    } else {
      for (int axis = 0; axis < 3; axis++) {
        centre[axis] = random.nextDouble() * size[axis];
      }
    }
    // As at prediction time, a window does not reach past the scan where the scan is large enough.
    for (int axis = 0; axis < 3; axis++) {
      double half = 0.5 * (window[axis] - 1);
      double highest = Math.max(half, size[axis] - 1 - half);
      centre[axis] = Math.min(highest, Math.max(half, centre[axis]));
    }
    return centre;
  }

  private void cut(
      SegmentationSample sample,
      double[] centre,
      SplittableRandom random,
      float[] patch,
      byte[] labels,
      int labelOffset) {
    Geometry grid = sample.input().geometry();
    double scale = Math.exp(random.nextDouble(-SCALE_SPREAD, SCALE_SPREAD));
    double turn = random.nextDouble(-LARGEST_TURN, LARGEST_TURN);
    double cos = Math.cos(turn) * scale;
    double sin = Math.sin(turn) * scale;
    int index = 0;
    for (int k = 0; k < window[0]; k++) {
      double z = centre[0] + (k - 0.5 * (window[0] - 1)) * scale;
      for (int j = 0; j < window[1]; j++) {
        double v = j - 0.5 * (window[1] - 1);
        for (int i = 0; i < window[2]; i++, index++) {
          double u = i - 0.5 * (window[2] - 1);
          double y = centre[1] + cos * v + sin * u;
          double x = centre[2] + cos * u - sin * v;
          patch[index] = linear(sample.input().values(), grid, z, y, x);
          labels[labelOffset + index] = nearest(sample.mask().labels(), grid, z, y, x);
        }
      }
    }
  }

  private static float linear(float[] values, Geometry grid, double z, double y, double x) {
    int k = (int) Math.floor(z);
    int j = (int) Math.floor(y);
    int i = (int) Math.floor(x);
    if (k < -1
        || j < -1
        || i < -1
        || k >= grid.depth()
        || j >= grid.height()
        || i >= grid.width()) {
      return 0;
    }
    double fz = z - k;
    double fy = y - j;
    double fx = x - i;
    double sum = 0;
    for (int corner = 0; corner < 8; corner++) {
      int kk = k + (corner >> 2);
      int jj = j + (corner >> 1 & 1);
      int ii = i + (corner & 1);
      if (kk >= 0
          && jj >= 0
          && ii >= 0
          && kk < grid.depth()
          && jj < grid.height()
          && ii < grid.width()) {
        double weight =
            ((corner & 4) == 0 ? 1 - fz : fz)
                * ((corner & 2) == 0 ? 1 - fy : fy)
                * ((corner & 1) == 0 ? 1 - fx : fx);
        sum += weight * values[(kk * grid.height() + jj) * grid.width() + ii];
      }
    }
    return (float) sum;
  }

  private byte nearest(byte[] labels, Geometry grid, double z, double y, double x) {
    int k = (int) Math.round(z);
    int j = (int) Math.round(y);
    int i = (int) Math.round(x);
    if (k < 0 || j < 0 || i < 0 || k >= grid.depth() || j >= grid.height() || i >= grid.width()) {
      return 0;
    }
    byte label = labels[(k * grid.height() + j) * grid.width() + i];
    return (label & 0xff) < classes ? label : 0;
  }

  private static void brightness(float[] patch, SplittableRandom random) {
    double gamma = Math.exp(random.nextDouble(-GAMMA_SPREAD, GAMMA_SPREAD));
    double gain = Math.exp(random.nextDouble(-GAIN_SPREAD, GAIN_SPREAD));
    double noise = random.nextDouble(LARGEST_NOISE);
    for (int v = 0; v < patch.length; v++) {
      double value = patch[v] > 0 ? gain * Math.pow(patch[v], gamma) : 0;
      value += noise * (random.nextDouble() + random.nextDouble() - 1) * 2.4;
      patch[v] = (float) Math.min(1, Math.max(0, value));
    }
  }
}
