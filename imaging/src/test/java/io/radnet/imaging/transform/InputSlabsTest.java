package io.radnet.imaging.transform;

import static io.radnet.imaging.transform.TestScans.UNIT;
import static io.radnet.imaging.transform.TestScans.counting;
import static io.radnet.imaging.transform.TestScans.recipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InputSlabsTest {
  @Test
  void slabsHoldTheSameValuesAsTheWholeInput() {
    List<Geometry> scans =
        List.of(
            Geometry.axisAligned(20, 16, 31, 1.3, 0.9, 2.1),
            new Geometry(
                20, 16, 31, Affine.of(0.9, -0.3, 0.3, -20, 0.3, 0.9, 0.5, -30, 0, 0.1, 2.5, 7)));
    Recipe recipe =
        recipe(
            Recipe.Task.SEGMENTATION,
            Recipe.Orientation.LPS,
            List.of(1.5, 1.0, 1.0),
            List.of(8, 8, 8),
            new Recipe.Intensity(Recipe.Intensity.Kind.PERCENTILE, 1, 99));
    for (Geometry grid : scans) {
      Volume scan = counting(grid);
      Preprocessor preprocessor = new Preprocessor(recipe);
      ModelInput whole = preprocessor.prepare(scan);
      InputSlabs slabs = preprocessor.slabs(scan, 8);
      assertThat(slabs.geometry()).isEqualTo(whole.geometry());
      int width = whole.geometry().width();
      int height = whole.geometry().height();
      float[] row = new float[width - 3];
      for (int start : new int[] {0, 3, 4, 4, 12, whole.geometry().depth() - 8}) {
        slabs.moveTo(start);
        for (int d = start; d < start + 8; d++) {
          for (int h = 0; h < height; h++) {
            slabs.row(d, h, 2, row);
            int from = (d * height + h) * width + 2;
            assertThat(row)
                .containsExactly(
                    java.util.Arrays.copyOfRange(whole.values(), from, from + row.length));
          }
        }
      }
    }
  }

  @Test
  void slabsRefuseToGoBackAndToLeaveTheGrid() {
    InputSlabs slabs =
        new Preprocessor(
                recipe(
                    Recipe.Task.SEGMENTATION,
                    Recipe.Orientation.LPS,
                    List.of(1.0, 1.0, 1.0),
                    List.of(4, 4, 4),
                    UNIT))
            .slabs(counting(Geometry.axisAligned(6, 6, 20, 1, 1, 1)), 4);
    slabs.moveTo(5);
    assertThatThrownBy(() -> slabs.moveTo(4)).hasMessage("slice: 4 (expected: 5 to 16)");
    assertThatThrownBy(() -> slabs.moveTo(17)).hasMessage("slice: 17 (expected: 5 to 16)");
    assertThatThrownBy(() -> slabs.row(9, 0, 0, new float[1]))
        .hasMessage("slice: 9 (expected: 5 to 8)");
  }
}
