package io.radnet.imaging.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

final class ArgmaxPlanTest {
  private final Random random = new Random(11);

  private static final List<Geometry> TARGETS =
      List.of(
          new Geometry(31, 25, 14, Affine.of(0.41, 0, 0, -0.3, 0, 0.4, 0, -0.4, 0, 0, 0.5, -0.4)),
          new Geometry(9, 8, 6, Affine.of(-1.1, 0, 0, 10, 0, 1.3, 0, -1.2, 0, 0, -1.2, 6.1)),
          new Geometry(
              12, 9, 7, Affine.of(0.9, 0.3, 0, 0.7, -0.3, 0.9, 0.1, 2.1, 0.1, 0.1, 1.1, -0.8)));

  private float[] logits(Geometry source, int classes) {
    float[] logits = new float[(int) (classes * source.voxels())];
    for (int n = 0; n < logits.length; n++) {
      logits[n] = (float) random.nextGaussian();
    }
    return logits;
  }

  /** Interpolates each class in double precision; the two best may be as close as rounding. */
  private static void isTheReference(
      byte[] labels, float[] logits, int classes, Geometry source, Geometry target) {
    float[][] planes = new float[classes][];
    int voxels = (int) source.voxels();
    for (int c = 0; c < classes; c++) {
      Volume one = Volume.of(source, Arrays.copyOfRange(logits, c * voxels, (c + 1) * voxels));
      planes[c] = ((Voxels.Float32) Resampler.resample(one, target, Float.NaN).voxels()).values();
    }
    for (int n = 0; n < labels.length; n++) {
      int label = labels[n] & 0xff;
      if (Float.isNaN(planes[0][n])) {
        assertThat(label).isZero();
        continue;
      }
      for (int c = 0; c < classes; c++) {
        assertThat(planes[label][n]).as("voxel %s", n).isGreaterThan(planes[c][n] - 1e-5f);
      }
    }
  }

  @Test
  void everyGridAndKernelGivesTheReference() {
    Geometry source = Geometry.axisAligned(13, 10, 6, 1, 1, 1);
    for (Geometry target : TARGETS) {
      for (int classes : new int[] {1, 2, 5, 200}) {
        float[] logits = logits(source, classes);
        byte[] labels = new byte[(int) target.voxels()];
        ArgmaxPlan.of(source, target).labels(logits, classes, labels, ForkJoinPool.commonPool(), 3);
        isTheReference(labels, logits, classes, source, target);
        byte[] scalar = new byte[labels.length];
        ArgmaxPlan.scalar(source, target).labels(logits, classes, scalar, Runnable::run, 1);
        assertThat(scalar).isEqualTo(labels);
      }
    }
  }

  @Test
  void slabsOfLogitsGiveTheSame() {
    Geometry source = Geometry.axisAligned(13, 10, 6, 1, 1, 1);
    int classes = 3;
    float[] logits = logits(source, classes);
    for (Geometry target : TARGETS) {
      ArgmaxPlan plan = ArgmaxPlan.of(source, target);
      byte[] whole = new byte[(int) target.voxels()];
      plan.labels(logits, classes, whole, Runnable::run, 1);
      byte[] parts = new byte[whole.length];
      int plane = target.width() * target.height();
      for (int k = 0; k < target.depth(); k++) {
        int first = plan.firstSource(k);
        int slices = plan.lastSource(k) - first + 1;
        float[] some = new float[classes * slices * 130];
        for (int c = 0; c < classes; c++) {
          System.arraycopy(logits, (c * 6 + first) * 130, some, c * slices * 130, slices * 130);
        }
        plan.slab(some, classes, first, slices, parts, k * plane, k, k + 1);
      }
      assertThat(parts).isEqualTo(whole);
    }
  }

  @Test
  void manyClassesAreNotKeptAndGiveTheSame() {
    Geometry source = Geometry.axisAligned(6, 5, 3, 1, 1, 1);
    Geometry target =
        new Geometry(300, 300, 2, Affine.of(0.02, 0, 0, -0.4, 0, 0.0166, 0, -0.4, 0, 0, 1, 0.5));
    float[] logits = logits(source, 200);
    byte[] labels = new byte[(int) target.voxels()];
    ArgmaxPlan.of(source, target).labels(logits, 200, labels, Runnable::run, 1);
    isTheReference(labels, logits, 200, source, target);
    assertThat(labels).contains((byte) 199);
  }

  @Test
  void whatIsNoNumberIsBackgroundAndSizesAreChecked() {
    Geometry grid = Geometry.axisAligned(3, 1, 1, 1, 1, 1);
    byte[] labels = {9, 9, 9};
    ArgmaxPlan.of(grid, grid)
        .labels(new float[] {0, 0, Float.NaN, 1, 1, Float.NaN}, 2, labels, Runnable::run, 1);
    assertThat(labels).containsExactly(1, 0, 0); // the neighbour of no number is none either
    assertThatThrownBy(
            () -> ArgmaxPlan.of(grid, grid).labels(new float[5], 2, labels, Runnable::run, 1))
        .hasMessageContaining("logits: 5 (expected: 2 classes, 1 to 256, of 3)");
  }
}
