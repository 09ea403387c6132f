package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.resample.ArgmaxPlan;
import io.radnet.imaging.transform.SlidingWindow;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Labels slab by slab are those of all logits at once. */
final class LogitSlabsTest {
  private static final int CLASSES = 3;
  private static final int[] WINDOW = {8, 9, 10};

  private static final Geometry GRID = Geometry.axisAligned(15, 14, 40, 2, 2, 2);

  static List<Geometry> scans() {
    double c = Math.cos(0.3);
    double s = Math.sin(0.3);
    return List.of(
        GRID,
        Geometry.axisAligned(29, 31, 17, 1, 1, 5),
        Geometry.axisAligned(29, 31, 90, 1, 1, 0.9),
        // Slices from the far end to the near one.
        new Geometry(20, 20, 26, Affine.of(1.5, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, -3, 77)),
        // Slices along x: each crosses all slices of the grid.
        new Geometry(30, 40, 10, Affine.of(0, 0, 3, 0, 1, 0, 0, 0, 0, 2, 0, 0)),
        // Oblique, tilted, and partly outside.
        new Geometry(24, 22, 30, Affine.of(c, -s, 0.3, -4, s, c, 0.5, 2, 0, 0.4, 3, -6)),
        // All outside.
        new Geometry(5, 5, 5, Affine.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 900)));
  }

  private static float[] whole(LogitSlabs slabs, List<int[]> origins) {
    float[] blending = SlidingWindow.blending(WINDOW, 0.2);
    int plane = GRID.width() * GRID.height();
    float[] logits = new float[CLASSES * GRID.depth() * plane];
    float[] weights = new float[GRID.depth() * plane];
    Random random = new Random(7);
    float[] row = new float[WINDOW[2]];
    int start = 0;
    for (int[] origin : origins) {
      if (origin[0] > start) {
        start = origin[0];
        slabs.advance(start);
      }
      for (int c = 0; c < CLASSES; c++) {
        for (int d = 0; d < WINDOW[0]; d++) {
          for (int h = 0; h < WINDOW[1]; h++) {
            for (int w = 0; w < row.length; w++) {
              row[w] = (float) random.nextGaussian();
            }
            int at = (origin[1] + h) * GRID.width() + origin[2];
            int weight = (d * WINDOW[1] + h) * WINDOW[2];
            slabs.add(c, origin[0] + d, at, row, blending, weight);
            int voxel = (origin[0] + d) * plane + at;
            for (int w = 0; w < row.length; w++) {
              logits[c * weights.length + voxel + w] += blending[weight + w] * row[w];
              weights[voxel + w] += c == 0 ? blending[weight + w] : 0;
            }
          }
        }
      }
    }
    for (int voxel = 0; voxel < weights.length; voxel++) {
      float share = 1 / weights[voxel];
      for (int c = 0; c < CLASSES; c++) {
        logits[c * weights.length + voxel] *= share;
      }
    }
    return logits;
  }

  private static List<int[]> origins() {
    return SlidingWindow.origins(
        new int[] {GRID.depth(), GRID.height(), GRID.width()}, WINDOW, 0.5);
  }

  private static int[] starts() {
    return origins().stream().mapToInt(origin -> origin[0]).distinct().toArray();
  }

  @ParameterizedTest
  @MethodSource("scans")
  void labelsAreThoseOfAllLogitsAtOnce(Geometry scan) {
    LogitSlabs slabs = new LogitSlabs(GRID, scan, CLASSES, starts(), WINDOW[0]);
    float[] logits = whole(slabs, origins());
    byte[] expected = new byte[(int) scan.voxels()];
    ArgmaxPlan.of(GRID, scan).labels(logits, CLASSES, expected, Runnable::run, 1);
    assertThat(Arrays.mismatch(slabs.finish(), expected)).isEqualTo(-1);
  }

  @Test
  void holdsLittleMoreThanAWindow() {
    Geometry scan = Geometry.axisAligned(29, 31, 90, 1, 1, 0.9);
    assertThat(new LogitSlabs(GRID, scan, CLASSES, starts(), WINDOW[0]).capacity())
        .isBetween(WINDOW[0], WINDOW[0] + 4);
    // A scan of ten times the length needs no more.
    Geometry grid = Geometry.axisAligned(15, 14, 400, 2, 2, 2);
    int[] starts =
        SlidingWindow.origins(new int[] {400, 14, 15}, WINDOW, 0.5).stream()
            .mapToInt(origin -> origin[0])
            .distinct()
            .toArray();
    assertThat(
            new LogitSlabs(
                    grid, Geometry.axisAligned(29, 31, 900, 1, 1, 0.9), CLASSES, starts, WINDOW[0])
                .capacity())
        .isLessThanOrEqualTo(WINDOW[0] + 4);
  }
}
