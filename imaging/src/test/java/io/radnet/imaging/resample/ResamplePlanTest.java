package io.radnet.imaging.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Every kernel and both samplers against the double precision reference. */
final class ResamplePlanTest {
  private final Random random = new Random(3);

  private Voxels voxels(int kind, int count) {
    short[] shorts = new short[count];
    byte[] bytes = new byte[count];
    float[] floats = new float[count];
    for (int n = 0; n < count; n++) {
      shorts[n] = (short) (random.nextInt(4000) - 1000);
      bytes[n] = (byte) random.nextInt(256);
      floats[n] = random.nextFloat() * 3000 - 1000;
    }
    return switch (kind) {
      case 0 -> new Voxels.Int16(shorts);
      case 1 -> new Voxels.UInt8(bytes);
      default -> new Voxels.Float32(floats);
    };
  }

  private Geometry grid(int most) {
    return Geometry.axisAligned(
        1 + random.nextInt(most),
        1 + random.nextInt(most),
        1 + random.nextInt(most / 2),
        0.5 + random.nextDouble(),
        0.5 + random.nextDouble(),
        1 + 3 * random.nextDouble());
  }

  /** A grid over about the same box, moved, of another spacing, some axes mirrored. */
  private Geometry aligned(Geometry source) {
    double[] rows = new double[12];
    int[] size = new int[3];
    for (int a = 0; a < 3; a++) {
      double extent = source.size(a) * source.spacing(a);
      size[a] = 1 + random.nextInt(40);
      double spacing = extent * (0.6 + random.nextDouble() * 0.8) / size[a];
      boolean mirrored = random.nextInt(4) == 0;
      double first = extent * (random.nextDouble() - 0.5) * 0.3;
      rows[a * 4 + a] = mirrored ? -spacing : spacing;
      rows[a * 4 + 3] = mirrored ? first + spacing * (size[a] - 1) : first;
    }
    return new Geometry(size[0], size[1], size[2], Affine.of(rows));
  }

  private Geometry oblique(Geometry source) {
    double[] rows = new double[12];
    double[] middle =
        source.affine().apply(source.width() / 2.0, source.height() / 2.0, source.depth() / 2.0);
    int[] size = {17, 11, 7};
    for (int r = 0; r < 3; r++) {
      rows[r * 4 + 3] = middle[r];
      for (int a = 0; a < 3; a++) {
        rows[r * 4 + a] = (r == a ? 1 : 0) + 0.5 * (random.nextDouble() - 0.5);
        rows[r * 4 + 3] -= rows[r * 4 + a] * size[a] / 2;
      }
    }
    return new Geometry(size[0], size[1], size[2], Affine.of(rows));
  }

  private static float[] reference(Voxels voxels, Geometry source, Geometry target, float outside) {
    Volume volume = new Volume(source, voxels, 0.5, 7);
    return ((Voxels.Float32) Resampler.resample(volume, target, outside).voxels()).values();
  }

  @Test
  void everyKernelGivesTheReference() {
    for (int round = 0; round < 120; round++) {
      Geometry source = grid(60);
      boolean straight = round % 3 != 0;
      Geometry target = straight ? aligned(source) : oblique(source);
      Voxels voxels = voxels(round % 4 % 3, (int) source.voxels());
      float[] expected = reference(voxels, source, target, -5);
      float[] chosen = new float[expected.length + 3];
      float[] scalar = new float[expected.length + 3];
      ResamplePlan plan = ResamplePlan.of(source, target);
      assertThat(plan.aligned()).isEqualTo(straight);
      plan.values(voxels, 0.5, 7, -5, chosen, 3, Runnable::run, 1);
      ResamplePlan.scalar(source, target).values(voxels, 0.5, 7, -5, scalar, 3, Runnable::run, 1);
      assertThat(chosen).isEqualTo(scalar); // the same operations in the same order
      for (int n = 0; n < expected.length; n++) {
        assertThat(chosen[n + 3]).as("round %s", round).isCloseTo(expected[n], within(5e-3f));
      }
    }
  }

  /** Rows longer than what is computed at once, tilted, mirrored, fine and coarse, in and out. */
  @Test
  void longObliqueRowsGiveTheReference() {
    for (int round = 0; round < 30; round++) {
      Geometry source =
          Geometry.axisAligned(
              2 + random.nextInt(90), 2 + random.nextInt(90), 2 + random.nextInt(30), 1, 1, 1);
      int[] size = {1 + random.nextInt(400), 5, 6};
      double[] rows = new double[12];
      for (int r = 0; r < 3; r++) {
        rows[r * 4 + 3] = source.size(r) * random.nextDouble();
        for (int a = 0; a < 3; a++) {
          rows[r * 4 + a] = (random.nextDouble() - 0.5) * source.size(r) * 1.5 / size[a];
          rows[r * 4 + 3] -= rows[r * 4 + a] * size[a] / 2;
        }
      }
      Geometry target = new Geometry(size[0], size[1], size[2], Affine.of(rows));
      for (int kind = 0; kind < 3; kind++) {
        Voxels voxels = voxels(kind, (int) source.voxels());
        float[] expected = reference(voxels, source, target, -5);
        float[] chosen = new float[expected.length];
        float[] scalar = new float[expected.length];
        ResamplePlan.of(source, target).values(voxels, 0.5, 7, -5, chosen, 0, Runnable::run, 1);
        ResamplePlan.scalar(source, target).values(voxels, 0.5, 7, -5, scalar, 0, Runnable::run, 1);
        assertThat(chosen).as("round %s", round).isEqualTo(scalar);
        for (int n = 0; n < expected.length; n++) {
          assertThat(chosen[n])
              .as("round %s at %s", round, n)
              .isCloseTo(expected[n], within(5e-3f));
        }
      }
    }
  }

  /** Coordinates do not drift along a row: the last of 2000 points is as good as the first. */
  @Test
  void aRampComesBackExactAlongALongObliqueRow() {
    Geometry source = Geometry.axisAligned(60, 50, 40, 1, 1, 1);
    float[] ramp = new float[(int) source.voxels()];
    for (int n = 0; n < ramp.length; n++) {
      ramp[n] = n % 60 - 2 * (n / 60 % 50) + 3 * (n / 3000);
    }
    Affine affine = Affine.of(0.02, 0.3, 0, 7, 0.015, 0.9, 0.1, 5.3, 0.011, 0, 1.1, 3.7);
    Geometry target = new Geometry(2000, 3, 3, affine);
    float[] out = new float[(int) target.voxels()];
    ResamplePlan.of(source, target)
        .values(new Voxels.Float32(ramp), 1, 0, Float.NaN, out, 0, Runnable::run, 1);
    for (int n = 0; n < out.length; n++) {
      double[] p = affine.apply(n % 2000, n / 2000 % 3, n / 6000);
      double expected = p[0] - 2 * p[1] + 3 * p[2];
      assertThat((double) out[n]).as("at %s", n).isCloseTo(expected, within(1e-5 * 100));
    }
  }

  /** A quarter turn puts points on voxels: fixed-point fractions are 0 and nothing is rounded. */
  @Test
  void aQuarterTurnGivesTheVoxelsThemselves() {
    Geometry source = Geometry.axisAligned(150, 140, 3, 1, 1, 1);
    Geometry target = new Geometry(140, 150, 3, Affine.of(0, -1, 0, 149, 1, 0, 0, 0, 0, 0, 1, 0));
    for (int kind = 0; kind < 3; kind++) {
      Voxels voxels = voxels(kind, (int) source.voxels());
      float[] out = new float[(int) target.voxels()];
      ResamplePlan.of(source, target).values(voxels, 1, 0, -5, out, 0, Runnable::run, 1);
      for (int n = 0; n < out.length; n++) {
        int i = n % 140;
        int j = n / 140 % 150;
        int from = (n / 21000 * 140 + i) * 150 + 149 - j;
        assertThat(out[n]).isEqualTo((float) voxels.stored(from));
      }
    }
  }

  /** A start too far away for the fixed-point numbers. */
  @Test
  void aRowThatComesFromFarAwayIsRight() {
    Geometry source = Geometry.axisAligned(40, 30, 20, 1, 1, 1);
    Voxels voxels = voxels(0, 24000);
    double far = 3e9;
    Affine affine = Affine.of(far, 0.3, 0, 12.25 - 5 * far, 2e-3, 1, 0.2, 3, 1e-3, 0.1, 1, 2);
    Geometry target = new Geometry(9, 7, 6, affine);
    float[] expected = reference(voxels, source, target, -5);
    float[] out = new float[expected.length];
    ResamplePlan.of(source, target).values(voxels, 0.5, 7, -5, out, 0, Runnable::run, 1);
    for (int n = 0; n < out.length; n++) {
      assertThat(out[n]).as("at %s", n).isCloseTo(expected[n], within(0.1f)); // of the affine
    }
  }

  /** Rows of 1 to 5 vectors per vector of targets, forwards and mirrored, skipped rows included. */
  @Test
  void everyReductionOfRowsGivesTheReference() {
    Geometry source = Geometry.axisAligned(407, 61, 5, 1, 1, 1);
    for (double step : new double[] {0.3, 0.97, 1, 1.6, 1.99, 2.4, 2.9, 3.3, 4.7, 11}) {
      int width = (int) (407 / step);
      int height = Math.max(1, (int) (61 / step));
      for (boolean mirrored : new boolean[] {false, true}) {
        double s = mirrored ? -step : step;
        Affine affine =
            Affine.of(s, 0, 0, mirrored ? 406 : 0, 0, s, 0, mirrored ? 60 : 0, 0, 0, 0.8, 0);
        Geometry target = new Geometry(width, height, 6, affine);
        for (int kind = 0; kind < 3; kind++) {
          Voxels voxels = voxels(kind, (int) source.voxels());
          float[] expected = reference(voxels, source, target, -5);
          float[] chosen = new float[expected.length];
          float[] scalar = new float[expected.length];
          ResamplePlan.of(source, target).values(voxels, 0.5, 7, -5, chosen, 0, Runnable::run, 1);
          ResamplePlan.scalar(source, target)
              .values(voxels, 0.5, 7, -5, scalar, 0, Runnable::run, 1);
          assertThat(chosen).as("step %s", s).isEqualTo(scalar);
          for (int n = 0; n < expected.length; n++) {
            assertThat(chosen[n]).as("step %s at %s", s, n).isCloseTo(expected[n], within(5e-3f));
          }
        }
      }
    }
  }

  @Test
  void normalisationIsFusedAndCutToTheUnitRange() {
    Geometry source = grid(50);
    Geometry target = aligned(source);
    Voxels voxels = voxels(0, (int) source.voxels());
    float[] expected = reference(voxels, source, target, Float.NaN);
    float[] out = new float[expected.length];
    for (ResamplePlan plan :
        new ResamplePlan[] {ResamplePlan.of(source, target), ResamplePlan.scalar(source, target)}) {
      plan.apply(voxels, 0.5, 7, -100, 900, out, 0, Runnable::run, 1);
      for (int n = 0; n < out.length; n++) {
        double value = Float.isNaN(expected[n]) ? 0 : (expected[n] + 100) / 1000;
        assertThat((double) out[n]).isCloseTo(Math.max(0, Math.min(1, value)), within(1e-5));
      }
      plan.apply(voxels, 1, 0, 5, 5, out, 0, Runnable::run, 1);
      assertThat(out).containsOnly(0);
    }
  }

  @Test
  void whatIsNoNumberBecomesZeroWhereNormalised() {
    Geometry grid = Geometry.axisAligned(20, 4, 3, 1, 1, 1);
    float[] values = new float[240];
    Arrays.fill(values, 0.25f);
    values[7] = Float.NaN;
    for (ResamplePlan plan :
        new ResamplePlan[] {ResamplePlan.of(grid, grid), ResamplePlan.scalar(grid, grid)}) {
      float[] out = new float[240];
      plan.apply(new Voxels.Float32(values), 1, 0, 0, 1, out, 0, Runnable::run, 1);
      assertThat(out[7]).isZero();
      assertThat(out[30]).isEqualTo(0.25f);
    }
  }

  @Test
  void threadsAndRepeatedCallsGiveTheSame() {
    Geometry source = Geometry.axisAligned(61, 47, 30, 1, 1, 3);
    Geometry target = new Geometry(33, 70, 55, Affine.of(1.7, 0, 0, 1, 0, 0.6, 0, 2, 0, 0, 1.6, 0));
    Voxels voxels = voxels(0, (int) source.voxels());
    ResamplePlan plan = ResamplePlan.of(source, target);
    float[] expected = new float[(int) target.voxels()];
    plan.values(voxels, 1, 0, 0, expected, 0, Runnable::run, 1);
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try {
      for (int parallelism : new int[] {1, 2, 3, 8}) {
        float[] out = new float[expected.length];
        plan.values(voxels, 1, 0, 0, out, 0, executor, parallelism);
        assertThat(out).isEqualTo(expected);
      }
    } finally {
      executor.shutdownNow();
    }
    // an executor that takes nothing only slows down
    float[] out = new float[expected.length];
    plan.values(voxels, 1, 0, 0, out, 0, executor, 4);
    assertThat(out).isEqualTo(expected);
  }

  /**
   * A call that follows calls of the same kind takes nothing from the heap, whatever the output.
   */
  @Test
  void callsAllocateNothingOnceTheirPlanIsWarm() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported());
    Geometry source = Geometry.axisAligned(61, 47, 30, 1, 1, 3);
    Voxels voxels = voxels(0, (int) source.voxels());
    for (Geometry target : new Geometry[] {aligned(source), oblique(source)}) {
      float[] floats = new float[(int) target.voxels()];
      Output direct =
          new Output.FloatsBuffer(ByteBuffer.allocateDirect(4 * floats.length).asFloatBuffer(), 0);
      // vectors in loops that are not compiled yet are objects, so the scalar kernel it is
      ResamplePlan plan = ResamplePlan.scalar(source, target);
      long thread = Thread.currentThread().getId();
      long before = 0;
      for (int call = 0; call < 200; call++) {
        if (call == 100) {
          before = threads.getThreadAllocatedBytes(thread);
        }
        plan.apply(voxels, 1, -24, -1000, 1000, floats, 0, Runnable::run, 2);
        plan.apply(voxels, 1, -24, -1000, 1000, direct, Runnable::run, 2);
      }
      long perCall = (threads.getThreadAllocatedBytes(thread) - before) / 200;
      assertThat(perCall).isLessThan(8); // no object is smaller than 16; the clock takes some
    }
  }

  @Test
  void wrongSizesAreRefused() {
    Geometry grid = Geometry.axisAligned(4, 4, 4, 1, 1, 1);
    ResamplePlan plan = ResamplePlan.of(grid, grid);
    Voxels voxels = new Voxels.Float32(new float[64]);
    assertThatThrownBy(() -> plan.values(voxels, 1, 0, 0, new float[70], 7, Runnable::run, 1))
        .hasMessageContaining("63 (expected: >= 64)");
    assertThatThrownBy(
            () ->
                plan.values(
                    new Voxels.Float32(new float[5]), 1, 0, 0, new float[64], 0, Runnable::run, 1))
        .hasMessageContaining("5 (expected: 64)");
  }
}
