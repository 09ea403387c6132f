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
 * averaged, from the first that is not empty) double the spacing label, where they are thin. A
 * patient of another size, in proportion, is the same slices zoomed, and the spacing label with
 * them.
 */
public final class Augmentation {
  private static final double MIRROR = 0.5;
  private static final double THICK_SLICES = 0.05;
  private static final double OTHER_SIZE = 0.3;
  private static final double SIZE_SPREAD = 0.12;
  private static final double NOISE = 0.5;
  private static final double BIAS_FIELD = 0.3;
  private static final double GAMMA_SPREAD = 0.05;
  private static final double GAIN_SPREAD = 0.05;
  private static final double LARGEST_NOISE = 0.04;
  private static final double LARGEST_BIAS = 0.25;
  private static final double LARGEST_SHIFT = 1.0 / 12;

  /** Slices are not made thicker than archives have them; in mm as the network sees them. */
  private static final double THICKEST_MM = 10;

  /**
   * Values of 8 bits, and means of two and of four of them, lie on steps of this size, so the curve
   * needs no interpolation. A power per voxel would cost ten times as much.
   */
  private static final int CURVE_STEPS = 4 * 255;

  /** Each row takes its noise from a random place in a table: drawing it took most of the time. */
  private static final int NOISE_VALUES = 1 << 16;

  private static final float[] NOISE_TABLE = noiseTable();

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
      int first = firstFilled(volume);
      int pairs = (lastFilled(volume) + 1 - first) / 2;
      if (pairs > 0) {
        volume = averagePairs(volume, first, pairs);
        changed = target.withSpacingTimes(spacingHead, 2);
      }
    }
    if (random.nextDouble() < OTHER_SIZE && spacingHead >= 0) {
      double size = Math.exp(random.nextDouble(-SIZE_SPREAD, SIZE_SPREAD));
      PlaneZoom zoom = new PlaneZoom(depth, height, width);
      if (size > 1 || !zoom.reachesEdge(volume)) {
        volume = zoom.apply(volume, size);
        changed = changed.withSpacingTimes(spacingHead, size);
      }
    }
    boolean mirrored = random.nextDouble() < MIRROR;
    int along = withinPadding(volume, shift(random, depth));
    Shift shift = new Shift(along, shift(random, height), shift(random, width));
    boolean meaningful = modalityHead >= 0 && ct >= 0 && target.classOf(modalityHead) == ct;
    Tone tone = tone(meaningful, random);
    return new Result(render(volume, shift, mirrored, tone, random), changed);
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

  /** The first slice with a voxel that is not 0; the depth where there is none. */
  private int firstFilled(float[] values) {
    int plane = height * width;
    int k = 0;
    while (k < depth && empty(values, k * plane, plane)) {
      k++;
    }
    return k;
  }

  /** The last slice with a voxel that is not 0; -1 where there is none. */
  private int lastFilled(float[] values) {
    int plane = height * width;
    int k = depth - 1;
    while (k >= 0 && empty(values, k * plane, plane)) {
      k--;
    }
    return k;
  }

  /**
   * Half as many slices in the middle of the grid, where a scan of so many slices lies; zeros
   * around them. Each is the mean of two filled ones: half of one and half of the padding would be
   * a cue that thick slices do not have. An odd last slice is left out.
   */
  private float[] averagePairs(float[] values, int first, int pairs) {
    float[] thick = new float[values.length];
    int plane = height * width;
    int middle = (depth - pairs + 1) / 2;
    for (int k = 0; k < pairs; k++) {
      int from = (first + 2 * k) * plane;
      int to = (middle + k) * plane;
      for (int p = 0; p < plane; p++) {
        thick[to + p] = 0.5f * (values[from + p] + values[from + plane + p]);
      }
    }
    return thick;
  }

  /** Everything but thick slices, in one pass: [D, H, W] to a fresh [D, H, W]. */
  private float[] render(
      float[] source, Shift shift, boolean mirrored, Tone tone, SplittableRandom random) {
    float[] out = new float[source.length];
    float[] ramp = new float[width];
    for (int i = 0; i < width; i++) {
      ramp[i] = (float) (tone.slopeI * (i - 0.5 * width));
    }
    int first = Math.max(0, shift.columns);
    int columns = width - Math.abs(shift.columns);
    for (int k = Math.max(0, shift.slices); k < Math.min(depth, depth + shift.slices); k++) {
      for (int j = Math.max(0, shift.rows); j < Math.min(height, height + shift.rows); j++) {
        int from = ((k - shift.slices) * height + j - shift.rows) * width;
        int to = (k * height + j) * width + first;
        if (mirrored) {
          int last = from + width - 1 - (first - shift.columns);
          for (int i = 0; i < columns; i++) {
            out[to + i] = source[last - i];
          }
        } else {
          System.arraycopy(source, from + first - shift.columns, out, to, columns);
        }
        if (tone.curve.length > 0) {
          follow(tone.curve, out, to, columns);
        }
        double plane = 1 + tone.slopeK * (k - 0.5 * depth) + tone.slopeJ * (j - 0.5 * height);
        int noiseAt = random.nextInt(NOISE_TABLE.length - width);
        light(out, to, columns, (float) plane, ramp, first, tone.noise, noiseAt);
      }
    }
    return out;
  }

  private static void follow(float[] curve, float[] row, int from, int count) {
    for (int i = from; i < from + count; i++) {
      row[i] = curve[Math.min(CURVE_STEPS, (int) (row[i] * CURVE_STEPS + 0.5f))];
    }
  }

  /** Bias field and noise, where there is something. */
  private static void light(
      float[] row,
      int from,
      int count,
      float plane,
      float[] ramp,
      int rampFrom,
      float noise,
      int noiseFrom) {
    for (int i = 0; i < count; i++) {
      float value = row[from + i];
      if (value > 0) {
        float lit = value * (plane + ramp[rampFrom + i]) + noise * NOISE_TABLE[noiseFrom + i];
        row[from + i] = lit > 1 ? 1 : lit < 0 ? 0 : lit;
      }
    }
  }

  /**
   * What happens to intensities.
   *
   * @param curve a tone curve on [0, 1] in {@link #CURVE_STEPS} steps; empty where tone stays
   * @param slopeK change of the bias field from one slice to the next
   * @param slopeJ from one row to the next
   * @param slopeI from one column to the next
   * @param noise its standard deviation
   */
  private record Tone(float[] curve, double slopeK, double slopeJ, double slopeI, float noise) {}

  /** By how many voxels content moves. */
  private record Shift(int slices, int rows, int columns) {}

  private Tone tone(boolean meaningful, SplittableRandom random) {
    double gamma = Math.exp(random.nextDouble(-GAMMA_SPREAD, GAMMA_SPREAD));
    double gain = Math.exp(random.nextDouble(-GAIN_SPREAD, GAIN_SPREAD));
    double noise = random.nextDouble() < NOISE ? random.nextDouble(LARGEST_NOISE) : 0;
    double bias = random.nextDouble() < BIAS_FIELD && !meaningful ? LARGEST_BIAS : 0;
    double slopeK = random.nextDouble(-bias, Math.max(bias, Double.MIN_NORMAL)) / depth;
    double slopeJ = random.nextDouble(-bias, Math.max(bias, Double.MIN_NORMAL)) / height;
    double slopeI = random.nextDouble(-bias, Math.max(bias, Double.MIN_NORMAL)) / width;
    float[] curve = meaningful ? new float[0] : curve(gamma, gain);
    return new Tone(curve, slopeK, slopeJ, slopeI, (float) noise);
  }

  /** The tone curve {@code gain * x^gamma} on [0, 1]. */
  private static float[] curve(double gamma, double gain) {
    float[] curve = new float[CURVE_STEPS + 1];
    for (int p = 0; p <= CURVE_STEPS; p++) {
      curve[p] = (float) (gain * Math.pow((double) p / CURVE_STEPS, gamma));
    }
    return curve;
  }

  /** Normal noise of unit variance. */
  private static float[] noiseTable() {
    SplittableRandom random = new SplittableRandom(1);
    float[] table = new float[NOISE_VALUES];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) random.nextGaussian();
    }
    return table;
  }
}
