package io.radnet.imaging.transform;

import static io.radnet.imaging.transform.TestScans.UNIT;
import static io.radnet.imaging.transform.TestScans.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How scans are fitted to the grid of a labels model. */
final class LabelsGridTest {
  private static Recipe labels(int formatVersion) {
    return new Recipe(
        formatVersion,
        Recipe.Task.LABELS,
        Recipe.Orientation.ACQUISITION,
        List.of(0.0, 2.0, 2.0),
        List.of(32, 8, 8),
        UNIT,
        new Recipe.SlidingWindowSpec(0.5, 0.125),
        List.of(),
        List.of(),
        0,
        "test",
        "",
        Map.of());
  }

  @Test
  void aScanOfManySlicesIsSeenWhole() {
    int[][] slicesAndStep = {{20, 1}, {32, 1}, {48, 1}, {49, 2}, {64, 2}, {80, 3}, {500, 16}};
    for (int[] each : slicesAndStep) {
      Volume scan = counting(Geometry.axisAligned(8, 8, each[0], 2, 2, 1.25));
      ModelInput input = new Preprocessor(labels(2)).prepare(scan);
      assertThat(input.spacingFactor()).as("%d slices", each[0]).isEqualTo(each[1]);
      assertThat(input.geometry().depth()).isEqualTo(32);
      assertThat(input.geometry().spacing(2)).isCloseTo(1.25 * each[1], within(1e-9));
      assertThat(input.geometry().affine().apply(3.5, 3.5, 15.5))
          .containsExactly(
              scan.geometry().affine().apply(3.5, 3.5, (each[0] - 1) / 2.0),
              within(1.25 * each[1]));
      // Models of before see the stripe in the middle that they learned from.
      assertThat(new Preprocessor(labels(1)).prepare(scan).spacingFactor()).isEqualTo(1);
      assertThat(new Preprocessor(labels(1)).grid(scan.geometry()).spacing(2))
          .isCloseTo(1.25, within(1e-9));
    }
  }

  /** The grid's plane has 8 x 8 voxels of 2 mm. */
  @Test
  void aSmallScanFillsThePlane() {
    double[][] sideSpacingAndZoom = {{8, 1, 2}, {10, 1, 1.6}, {4, 1, 3}, {16, 1, 1}, {30, 1, 1}};
    for (double[] each : sideSpacingAndZoom) {
      int side = (int) each[0];
      Geometry geometry = Geometry.axisAligned(side, side / 2, 20, each[1], each[1], 5);
      ModelInput input = new Preprocessor(labels(3)).prepare(counting(geometry));
      assertThat(input.spacingFactor()).as("%d rows", side).isCloseTo(each[2], within(1e-12));
      for (int axis = 0; axis < 2; axis++) {
        assertThat(input.geometry().spacing(axis)).isCloseTo(2 / each[2], within(1e-12));
      }
      assertThat(input.geometry().spacing(2)).isCloseTo(5, within(1e-12));
      assertThat(input.geometry().affine().apply(3.5, 3.5, 15.5))
          .containsExactly(
              geometry.affine().apply((side - 1) / 2.0, (side / 2 - 1) / 2.0, 9.5),
              within(1 / each[2] + 1e-9)); // half a voxel, where they are odd and even
    }
  }

  @Test
  void aScanThatFillsThePlaneKeepsItsVoxels() {
    Volume scan = counting(Geometry.axisAligned(8, 8, 64, 1, 1, 5));
    ModelInput input = new Preprocessor(labels(3)).prepare(scan);
    // Every second slice, and voxels of half the size.
    assertThat(input.spacingFactor()).isEqualTo(4);
    for (int d = 0; d < 32; d++) {
      for (int h = 0; h < 8; h++) {
        float between = (float) (scan.value(3, h, 2 * d) + scan.value(3, h, 2 * d + 1)) / 2000;
        assertThat(input.values()[d * 64 + h * 8 + 3]).isCloseTo(between, within(1e-6f));
      }
    }
    // Models of before saw it as small as it is.
    assertThat(new Preprocessor(labels(2)).prepare(scan).spacingFactor()).isEqualTo(2);
    assertThat(new Preprocessor(labels(2)).grid(scan.geometry()).spacing(0))
        .isCloseTo(2, within(1e-12));
  }
}
