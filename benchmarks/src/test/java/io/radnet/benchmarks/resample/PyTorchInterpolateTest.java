package io.radnet.benchmarks.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.radnet.imaging.resample.Interpolation;
import io.radnet.imaging.resample.ResamplePlan;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pure scaling of one box is PyTorch's {@code interpolate(align_corners=False)}. DJL reaches one
 * and two axes of it, so the third axis is interpolated on its own: linear interpolation is
 * separable.
 */
class PyTorchInterpolateTest {
  private static final int NEAREST = 0;
  private static final int BILINEAR = 1;

  private static float[] ours(float[] values, int[] from, int[] to, Interpolation interpolation) {
    Geometry source = SameBox.divided(from, from);
    Geometry target = SameBox.divided(from, to);
    float[] out = new float[(int) target.voxels()];
    ResamplePlan.of(source, target, interpolation)
        .values(new Voxels.Float32(values), 1, 0, -5000, out, 0, ForkJoinPool.commonPool(), 2);
    return out;
  }

  /** Slices as channels of an image; then depth and all of a slice as the axes of another image. */
  private static float[] pyTorch(float[] values, int[] from, int[] to, int mode) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray volume = manager.create(values, new Shape(1, from[0], from[1], from[2]));
      NDArray slices =
          volume.getNDArrayInternal().interpolation(new long[] {to[1], to[2]}, mode, false);
      long plane = (long) to[1] * to[2];
      return slices
          .reshape(1, 1, from[0], plane)
          .getNDArrayInternal()
          .interpolation(new long[] {to[0], plane}, mode, false)
          .toFloatArray();
    }
  }

  private static int[] sides(String text) {
    String[] parts = text.split("x", -1);
    return new int[] {
      Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])
    };
  }

  private static float[] random(int[] sides) {
    SplittableRandom random = new SplittableRandom(3);
    float[] values = new float[sides[0] * sides[1] * sides[2]];
    for (int n = 0; n < values.length; n++) {
      values[n] = random.nextInt(4000) - 1000;
    }
    return values;
  }

  /** DJL's bilinear mode smooths where it shrinks, so only sides that stay or grow are compared. */
  @ParameterizedTest
  @CsvSource({"16x25x19, 22x51x31", "8x9x11, 8x18x22", "5x6x1, 9x7x4"})
  void trilinearIsTheSame(String from, String to) {
    int[] source = sides(from);
    int[] target = sides(to);
    float[] values = random(source);
    float[] ours = ours(values, source, target, Interpolation.LINEAR);
    float[] theirs = pyTorch(values, source, target, BILINEAR);
    assertThat(theirs).hasSameSizeAs(ours);
    for (int n = 0; n < ours.length; n++) {
      assertThat(ours[n]).isCloseTo(theirs[n], within(0.01f)); // of values up to 3,000: 3e-6
    }
  }

  /**
   * PyTorch's {@code nearest} begins each cell at its corner and ours at its centre; where every
   * voxel becomes a whole number of voxels both are the same.
   */
  @ParameterizedTest
  @CsvSource({"4x5x6, 8x15x6", "3x4x5, 3x16x25"})
  void nearestIsTheSame(String from, String to) {
    int[] source = sides(from);
    int[] target = sides(to);
    float[] values = random(source);
    assertThat(ours(values, source, target, Interpolation.NEAREST))
        .containsExactly(pyTorch(values, source, target, NEAREST));
  }

  @Test
  void aRampComesBackExact() {
    int[] from = {8, 16, 32};
    int[] to = {16, 8, 64};
    float[] ramp = new float[from[0] * from[1] * from[2]];
    for (int n = 0; n < ramp.length; n++) {
      ramp[n] = value(n / (16 * 32), n / 32 % 16, n % 32);
    }
    float[] out = ours(ramp, from, to, Interpolation.LINEAR);
    for (int z = 1; z < to[0] - 1; z++) {
      for (int y = 0; y < to[1]; y++) {
        for (int x = 1; x < to[2] - 1; x++) {
          // Binary fractions: not even the last bit differs. Half a voxel at a face holds its
          // value.
          assertThat(out[(z * to[1] + y) * to[2] + x])
              .isEqualTo(value((z + 0.5) / 2 - 0.5, (y + 0.5) * 2 - 0.5, (x + 0.5) / 2 - 0.5));
        }
      }
    }
  }

  private static float value(double z, double y, double x) {
    return (float) (64 * z - 32 * y + 4 * x + 8);
  }
}
