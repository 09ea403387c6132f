package io.radnet.trainer.data;

import io.radnet.imaging.transform.Recipe.Head;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random changes of a volume that keep its labels true, and the cues that the labels need. Noise, a
 * smooth bias field, a little tone and gain, and shifts by whole voxels change no label. Values of
 * a CT have a meaning, so a CT gets noise only; elsewhere the ratios of tissues tell the sequence,
 * so tone stays within a twentieth. What is empty, the padding, stays empty. A shift along the
 * slices moves a stack within its padding and cuts nothing off. A mirrored row or column keeps the
 * plane, so the view stays; rotations would not, and are not used. Thick slices (pairs of slices
 * averaged) double the spacing label, where they are thin.
 */
public final class Augmentation {
  private static final double MIRROR = 0.5;
  private static final double THICK_SLICES = 0.15;
  private static final double NOISE = 0.5;
  private static final double BIAS_FIELD = 0.3;
  private static final double GAMMA_SPREAD = 0.05;
  private static final double GAIN_SPREAD = 0.05;
  private static final double LARGEST_NOISE = 0.04;
  private static final double LARGEST_BIAS = 0.25;
  private static final double LARGEST_SHIFT = 1.0 / 12;

  /** Slices are not made thicker than archives have them. */
  private static final double THICKEST_MM = 10;

  private static final int CURVE_POINTS = 1025;

  private final int depth;
  private final int height;
  private final int width;
  private final int spacingHead;
  private final int modalityHead;
  private final int ct;

  /**
   * @param grid depth, height, width
   * @param heads of the recipe, of which one may be {@code spacing} and one {@code modality}
   */
  public Augmentation(List<Integer> grid, List<Head> heads) {
    depth = grid.get(0);
    height = grid.get(1);
    width = grid.get(2);
    List<String> names = heads.stream().map(Head::name).toList();
    spacingHead = names.indexOf("spacing");
    modalityHead = names.indexOf("modality");
    ct = modalityHead < 0 ? -1 : heads.get(modalityHead).classes().indexOf("CT");
  }

  /**
   * A changed volume with its target.
   *
   * @param values [D, H, W]
   */
  public record Result(float[] values, Target target) {}

  /** The changes that {@code random} draws; the same for the same state of it. */
  public Result apply(float[] values, Target target, SplittableRandom random) {
    Target changed = target;
    float[] volume = values;
    if (random.nextDouble() < THICK_SLICES && thin(target)) {
      volume = averagePairs(volume);
      changed = target.withThickerSlices(spacingHead, 2);
    }
    boolean mirrored = random.nextDouble() < MIRROR;
    int along = withinPadding(volume, shift(random, depth));
    volume = move(volume, along, shift(random, height), shift(random, width), mirrored);
    boolean meaningful = modalityHead >= 0 && ct >= 0 && target.classOf(modalityHead) == ct;
    intensity(volume, meaningful, random);
    return new Result(volume, changed);
  }

  private boolean thin(Target target) {
    return spacingHead >= 0
        && target.known()[spacingHead]
        && 2 * Math.exp(target.values()[spacingHead][0]) <= THICKEST_MM;
  }

  /** The shift along the slices, held to what is empty at the end it goes to. */
  private int withinPadding(float[] values, int shift) {
    int plane = height * width;
    int room = 0;
    while (room < Math.abs(shift)
        && empty(values, (shift > 0 ? depth - 1 - room : room) * plane, plane)) {
      room++;
    }
    return shift > 0 ? room : -room;
  }

  private static boolean empty(float[] values, int from, int size) {
    for (int v = from; v < from + size; v++) {
      if (values[v] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int shift(SplittableRandom random, int side) {
    int largest = (int) Math.round(side * LARGEST_SHIFT);
    return random.nextInt(-largest, largest + 1);
  }

  /** Half as many slices in the middle of the grid, each the mean of two; zeros around them. */
  private float[] averagePairs(float[] values) {
    float[] thick = new float[values.length];
    int plane = height * width;
    int first = depth / 4;
    for (int k = 0; k < depth / 2; k++) {
      int from = 2 * k * plane;
      int to = (first + k) * plane;
      for (int p = 0; p < plane; p++) {
        thick[to + p] = 0.5f * (values[from + p] + values[from + plane + p]);
      }
    }
    return thick;
  }

  private float[] move(float[] values, int dk, int dj, int di, boolean mirrored) {
    float[] moved = new float[values.length];
    for (int k = Math.max(0, dk); k < Math.min(depth, depth + dk); k++) {
      for (int j = Math.max(0, dj); j < Math.min(height, height + dj); j++) {
        int source = ((k - dk) * height + j - dj) * width;
        int target = (k * height + j) * width;
        for (int i = Math.max(0, di); i < Math.min(width, width + di); i++) {
          moved[target + i] = values[source + (mirrored ? width - 1 - (i - di) : i - di)];
        }
      }
    }
    return moved;
  }

  private void intensity(float[] volume, boolean meaningful, SplittableRandom random) {
    double gamma = Math.exp(random.nextDouble(-GAMMA_SPREAD, GAMMA_SPREAD));
    double gain = Math.exp(random.nextDouble(-GAIN_SPREAD, GAIN_SPREAD));
    double noise = random.nextDouble() < NOISE ? random.nextDouble(LARGEST_NOISE) : 0;
    double bias = random.nextDouble() < BIAS_FIELD ? LARGEST_BIAS : 0;
    if (meaningful) {
      gamma = 1;
      gain = 1;
      bias = 0;
    }
    double slopeK = random.nextDouble(-bias, Math.max(bias, Double.MIN_NORMAL)) / depth;
    double slopeJ = random.nextDouble(-bias, Math.max(bias, Double.MIN_NORMAL)) / height;
    double slopeI = random.nextDouble(-bias, Math.max(bias, Double.MIN_NORMAL)) / width;
    float[] curve = curve(gamma, gain);
    int index = 0;
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < height; j++) {
        double plane = 1 + slopeK * (k - 0.5 * depth) + slopeJ * (j - 0.5 * height);
        for (int i = 0; i < width; i++, index++) {
          double value = volume[index];
          if (value > 0) {
            double position = Math.min(1, value) * (CURVE_POINTS - 1);
            int below = Math.min(CURVE_POINTS - 2, (int) position);
            value = curve[below] + (position - below) * (curve[below + 1] - curve[below]);
            value *= plane + slopeI * (i - 0.5 * width);
            if (noise > 0) {
              value += noise * roughlyNormal(random);
            }
          }
          volume[index] = (float) Math.min(1, Math.max(0, value));
        }
      }
    }
  }

  /**
   * The tone curve {@code gain * x^gamma} on [0, 1]; a power per voxel would cost ten times this.
   */
  private static float[] curve(double gamma, double gain) {
    float[] curve = new float[CURVE_POINTS];
    for (int p = 0; p < CURVE_POINTS; p++) {
      curve[p] = (float) (gain * Math.pow((double) p / (CURVE_POINTS - 1), gamma));
    }
    return curve;
  }

  /** The sum of four uniform numbers, scaled to unit variance: near enough to normal, and quick. */
  private static double roughlyNormal(SplittableRandom random) {
    long bits = random.nextLong();
    long sum =
        (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48 & 0xffff);
    return (sum / 65536.0 - 2) * Math.sqrt(3);
  }
}
