package io.radnet.imaging.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.resample.ArgmaxPlan;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WindowBlenderTest {
  private static final int[] WINDOW = {8, 10, 12};
  private static final int CLASSES = 3;
  private static final double SIGMA = 0.125;
  private static final Map<Integer, String> NAMES = Map.of(1, "a", 2, "b");

  private static final Geometry GRID = Geometry.axisAligned(24, 20, 60, 2, 2, 2);

  /** Logits of a smooth field, so that neighbouring windows nearly agree, with a little noise. */
  private static float[] logits(int[] origin, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[CLASSES * WINDOW[0] * WINDOW[1] * WINDOW[2]];
    int n = 0;
    for (int c = 0; c < CLASSES; c++) {
      for (int d = 0; d < WINDOW[0]; d++) {
        for (int h = 0; h < WINDOW[1]; h++) {
          for (int w = 0; w < WINDOW[2]; w++) {
            values[n++] =
                (float)
                    (Math.sin(0.3 * (origin[0] + d) + c)
                        + Math.cos(0.4 * (origin[1] + h) - 2 * c)
                        + Math.sin(0.5 * (origin[2] + w) * (c + 1))
                        + 0.05 * random.nextDouble());
          }
        }
      }
    }
    return values;
  }

  /** All windows blended on the whole grid, and one argmax at the end. */
  private static LabelMap whole(Geometry scan, List<int[]> origins) {
    float[] blending = SlidingWindow.blending(WINDOW, SIGMA);
    int voxels = (int) GRID.voxels();
    double[] sums = new double[CLASSES * voxels];
    double[] weights = new double[voxels];
    long seed = 0;
    for (int[] origin : origins) {
      float[] values = logits(origin, seed++);
      for (int n = 0; n < blending.length; n++) {
        int d = n / (WINDOW[1] * WINDOW[2]);
        int h = n / WINDOW[2] % WINDOW[1];
        int w = n % WINDOW[2];
        int voxel =
            ((origin[0] + d) * GRID.height() + origin[1] + h) * GRID.width() + origin[2] + w;
        weights[voxel] += blending[n];
        for (int c = 0; c < CLASSES; c++) {
          sums[c * voxels + voxel] += blending[n] * (double) values[c * blending.length + n];
        }
      }
    }
    float[] logits = new float[sums.length];
    for (int n = 0; n < logits.length; n++) {
      logits[n] = (float) (sums[n] / weights[n % voxels]);
    }
    byte[] labels = new byte[(int) scan.voxels()];
    ArgmaxPlan.of(GRID, scan).labels(logits, CLASSES, labels, Runnable::run, 1);
    return new LabelMap(scan, labels, NAMES);
  }

  private static int agreesWithTheWhole(Geometry scan) {
    List<int[]> origins =
        SlidingWindow.origins(new int[] {GRID.depth(), GRID.height(), GRID.width()}, WINDOW, 0.5);
    WindowBlender blender = new WindowBlender(GRID, scan, CLASSES, WINDOW, SIGMA);
    long seed = 0;
    for (int[] origin : origins) {
      blender.add(origin, 0, FloatBuffer.wrap(logits(origin, seed++)));
    }
    byte[] blended = blender.mask(NAMES).labels();
    byte[] expected = whole(scan, origins).labels();
    int different = 0;
    int[] counts = new int[CLASSES];
    for (int n = 0; n < expected.length; n++) {
      different += blended[n] == expected[n] ? 0 : 1;
      counts[expected[n]]++;
    }
    assertThat(java.util.Arrays.stream(counts).boxed())
        .allMatch(count -> count > expected.length / 100);
    // Sums in float against sums in double: ties may fall either way.
    assertThat(different).isLessThanOrEqualTo(expected.length / 10_000);
    return blender.mostSlicesHeld();
  }

  @Test
  void aScanAlongTheGridIsLabelledWindowByWindow() {
    Geometry scan = Geometry.axisAligned(40, 32, 90, 1.2, 1.25, 1.3);
    assertThat(agreesWithTheWhole(scan)).isLessThanOrEqualTo(WINDOW[0] + 4);
  }

  @Test
  void soIsOneWhoseSlicesRunTheOtherWay() {
    Geometry scan =
        new Geometry(40, 32, 90, Affine.of(1.2, 0, 0, 0, 0, 1.25, 0, 0, 0, 0, -1.3, 118));
    assertThat(agreesWithTheWhole(scan)).isLessThanOrEqualTo(WINDOW[0] + 4);
  }

  @Test
  void aScanAcrossTheGridNeedsItsWholeExtent() {
    // Slices of this scan stand on the grid's depth axis.
    Geometry scan = new Geometry(40, 90, 32, Affine.of(1.2, 0, 0, 0, 0, 0, 1.25, 0, 0, 1.3, 0, 0));
    assertThat(agreesWithTheWhole(scan)).isEqualTo(GRID.depth());
  }

  @Test
  void anObliqueScanIsTheSameToo() {
    double c = Math.cos(0.2);
    double s = Math.sin(0.2);
    Geometry scan =
        new Geometry(
            36, 30, 60, Affine.of(1.2 * c, 0, 1.5 * s, 1, 0, 1.2, 0, 1, -1.2 * s, 0, 1.5 * c, 9));
    assertThat(agreesWithTheWhole(scan)).isLessThan(GRID.depth());
  }

  @Test
  void mirroredLogitsAreTurnedBack() {
    Geometry grid = Geometry.axisAligned(WINDOW[2], WINDOW[1], WINDOW[0], 1, 1, 1);
    int[] origin = {0, 0, 0};
    float[] values = logits(origin, 1);
    byte[] plain = labels(grid, values, 0);
    for (int mirror = 1; mirror < 8; mirror++) {
      float[] turned = new float[values.length];
      for (int n = 0; n < values.length; n++) {
        int w = n % WINDOW[2];
        int h = n / WINDOW[2] % WINDOW[1];
        int d = n / (WINDOW[2] * WINDOW[1]) % WINDOW[0];
        int c = n / (WINDOW[2] * WINDOW[1] * WINDOW[0]);
        d = (mirror & 1) == 0 ? d : WINDOW[0] - 1 - d;
        h = (mirror & 2) == 0 ? h : WINDOW[1] - 1 - h;
        w = (mirror & 4) == 0 ? w : WINDOW[2] - 1 - w;
        turned[((c * WINDOW[0] + d) * WINDOW[1] + h) * WINDOW[2] + w] = values[n];
      }
      assertThat(labels(grid, turned, mirror)).as("mirror %d", mirror).isEqualTo(plain);
    }
  }

  private static byte[] labels(Geometry grid, float[] values, int mirror) {
    WindowBlender blender = new WindowBlender(grid, grid, CLASSES, WINDOW, SIGMA);
    blender.add(new int[] {0, 0, 0}, mirror, FloatBuffer.wrap(values));
    return blender.mask(NAMES).labels();
  }

  @Test
  void windowsComeInOrder() {
    WindowBlender blender = new WindowBlender(GRID, GRID, CLASSES, WINDOW, SIGMA);
    blender.add(new int[] {4, 0, 0}, 0, FloatBuffer.wrap(logits(new int[] {4, 0, 0}, 1)));
    assertThatThrownBy(
            () ->
                blender.add(
                    new int[] {0, 0, 0}, 0, FloatBuffer.wrap(logits(new int[] {0, 0, 0}, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in order");
  }
}
