package io.radnet.trainer.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SurfacesTest {
  private static LabelMap box(Geometry grid, int from, int to) {
    byte[] labels = new byte[(int) grid.voxels()];
    for (int k = from; k < to; k++) {
      for (int j = from; j < to; j++) {
        for (int i = from; i < to; i++) {
          labels[(k * grid.height() + j) * grid.width() + i] = 1;
        }
      }
    }
    return new LabelMap(grid, labels, Map.of(1, "box"));
  }

  @Test
  void equalMasksAgree() {
    LabelMap map = box(Geometry.axisAligned(10, 10, 10, 1, 1, 1), 2, 7);
    assertThat(Overlap.of(map, map, 1)).isEqualTo(new Overlap(1, 1, 1, 0, 0.125, 0.125));
  }

  @Test
  void aShiftAlongOneAxisIsTheDistance() {
    Geometry grid = Geometry.axisAligned(20, 6, 6, 2, 1, 1);
    byte[] a = new byte[720];
    byte[] b = new byte[720];
    for (int row = 0; row < 36; row++) {
      a[row * 20 + 3] = 1;
      b[row * 20 + 8] = 1;
    }
    Surfaces.Distances distances =
        Surfaces.between(new LabelMap(grid, a, Map.of()), new LabelMap(grid, b, Map.of()), 1);
    assertThat(distances.hausdorff95()).isEqualTo(10);
    assertThat(distances.surfaceDice()).isEqualTo(0);
  }

  @Test
  void matchesBruteForce() {
    Geometry grid = Geometry.axisAligned(7, 6, 5, 0.7, 1.3, 2.9);
    SplittableRandom random = new SplittableRandom(4);
    byte[] a = new byte[210];
    byte[] b = new byte[210];
    for (int v = 0; v < 210; v++) {
      a[v] = (byte) (random.nextInt(12) == 0 ? 1 : 0);
      b[v] = (byte) (random.nextInt(12) == 0 ? 1 : 0);
    }
    double expected = Math.max(bruteForce(a, b, grid), bruteForce(b, a, grid));
    Surfaces.Distances distances =
        Surfaces.between(new LabelMap(grid, a, Map.of()), new LabelMap(grid, b, Map.of()), 1);
    assertThat(distances.hausdorff95())
        .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-9));
  }

  /** Lone voxels are all border. */
  private static double bruteForce(byte[] from, byte[] to, Geometry grid) {
    double[] nearest =
        java.util.stream.IntStream.range(0, from.length)
            .filter(v -> from[v] == 1)
            .mapToDouble(
                v ->
                    java.util.stream.IntStream.range(0, to.length)
                        .filter(w -> to[w] == 1)
                        .mapToDouble(w -> distance(v, w, grid))
                        .min()
                        .orElseThrow())
            .sorted()
            .toArray();
    return nearest[(int) Math.ceil(0.95 * nearest.length) - 1];
  }

  private static double distance(int v, int w, Geometry g) {
    double x = (v % g.width() - w % g.width()) * g.spacing(0);
    double y = (v / g.width() % g.height() - w / g.width() % g.height()) * g.spacing(1);
    double z = (v / (g.width() * g.height()) - w / (g.width() * g.height())) * g.spacing(2);
    return Math.sqrt(x * x + y * y + z * z);
  }

  @Test
  void anEmptyMaskIsAsFarAwayAsTheScanIsLarge() {
    Geometry grid = Geometry.axisAligned(4, 4, 4, 1, 2, 0.5);
    double diagonal = Math.sqrt(4 * 4 + 8 * 8 + 2 * 2);
    LabelMap empty = new LabelMap(grid, new byte[64], Map.of());
    LabelMap box = box(grid, 1, 3);
    assertThat(Surfaces.between(box, empty, 1).hausdorff95()).isInfinite();
    for (Overlap overlap : List.of(Overlap.of(box, empty, 1), Overlap.of(empty, box, 1))) {
      assertThat(overlap.dice()).isEqualTo(0);
      assertThat(overlap.surfaceDice()).isEqualTo(0);
      assertThat(overlap.hausdorff95()).isEqualTo(diagonal);
    }
    assertThat(Overlap.of(empty, empty, 1).dice()).isEqualTo(1);
    assertThat(Overlap.of(empty, empty, 1).hausdorff95()).isEqualTo(0);
  }

  /** A network that misses the hardest scan is no better for it. */
  @Test
  void aMissedScanCountsInTheMeanDistance() {
    SegmentationScores.Row found =
        new SegmentationScores.Row("one", "liver", new Overlap(0.9, 0.8, 0.7, 10, 100, 100));
    SegmentationScores.Row missed =
        new SegmentationScores.Row("two", "liver", new Overlap(0, 0, 0, 500, 100, 0));
    SegmentationScores both = new SegmentationScores(List.of(found, missed));
    assertThat(both.metrics()).containsEntry("liver.hausdorff95_mm", 255.0);
    assertThat(both.table()).contains("500.0*").contains("diagonal of the scan's grid");
    assertThat(new SegmentationScores(List.of(found)).table()).doesNotContain("*");
  }
}
