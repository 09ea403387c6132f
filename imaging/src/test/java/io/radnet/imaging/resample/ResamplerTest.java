package io.radnet.imaging.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResamplerTest {
  private static final float OUTSIDE = -7;

  /** An oblique, anisotropic, mirrored and tilted grid. */
  private static Geometry oblique(int width, int height, int depth) {
    return new Geometry(
        width,
        height,
        depth,
        Affine.of(0.9, 0.2, 0.3, -20, -0.1, -1.1, 0.8, 30, 0.05, 0.1, 2.5, -40));
  }

  /** A value that is linear in the patient's space. */
  private static double ramp(double[] p) {
    return 3 * p[0] - 2 * p[1] + 0.5 * p[2] + 11;
  }

  private static Volume ramp(Geometry grid) {
    float[] values = new float[(int) grid.voxels()];
    int index = 0;
    for (int k = 0; k < grid.depth(); k++) {
      for (int j = 0; j < grid.height(); j++) {
        for (int i = 0; i < grid.width(); i++) {
          values[index++] = (float) ramp(grid.affine().apply(i, j, k));
        }
      }
    }
    return Volume.of(grid, values);
  }

  @Test
  void identityIsExact() {
    Geometry grid = oblique(7, 6, 5);
    short[] stored = new short[7 * 6 * 5];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (short) (i * 311 % 4001 - 2000);
    }
    Volume source = new Volume(grid, new Voxels.Int16(stored), 0.5, -3);
    Volume same = Resampler.resample(source, grid, OUTSIDE);
    for (int i = 0; i < stored.length; i++) {
      assertThat(same.value(i)).isCloseTo(source.value(i), within(1e-3));
    }
  }

  @Test
  void aLinearRampComesBackExactOnAnObliqueGrid() {
    Volume source = ramp(oblique(20, 22, 18));
    // a mirrored, rotated, finer grid that lies well inside the source
    double[] centre = source.geometry().affine().apply(10, 11, 9);
    Geometry target =
        new Geometry(
            8,
            9,
            7,
            Affine.of(
                0,
                0.4,
                0.3,
                centre[0] - 2,
                -0.5,
                0,
                0.2,
                centre[1] + 2,
                0.1,
                0.3,
                -0.6,
                centre[2]));
    Volume result = Resampler.resample(source, target, OUTSIDE);
    for (int k = 0; k < target.depth(); k++) {
      for (int j = 0; j < target.height(); j++) {
        for (int i = 0; i < target.width(); i++) {
          assertThat(result.value(i, j, k))
              .isCloseTo(ramp(target.affine().apply(i, j, k)), within(1e-4));
        }
      }
    }
  }

  @Test
  void mirroringReversesTheVoxels() {
    Geometry grid = Geometry.axisAligned(4, 3, 2, 1, 2, 3);
    Geometry mirrored = new Geometry(4, 3, 2, Affine.of(-1, 0, 0, 3, 0, 2, 0, 0, 0, 0, -3, 3));
    Volume source = ramp(grid);
    Volume result = Resampler.resample(source, mirrored, OUTSIDE);
    assertThat(result.value(0, 1, 0)).isEqualTo(source.value(3, 1, 1));
    assertThat(result.value(2, 2, 1)).isEqualTo(source.value(1, 2, 0));
  }

  @Test
  void theBorderHoldsForHalfAVoxelAndThenOutsideBegins() {
    Volume source = Volume.of(Geometry.axisAligned(3, 1, 1, 2, 2, 2), new float[] {10, 20, 40});
    // centres at -1.5, -1, -0.5, ... mm; the source covers [-1, 5] mm
    Geometry target = new Geometry(15, 1, 1, Affine.of(0.5, 0, 0, -1.5, 0, 2, 0, 0, 0, 0, 2, 0));
    float[] values =
        ((Voxels.Float32) Resampler.resample(source, target, OUTSIDE).voxels()).values();
    assertThat(values)
        .containsExactly(
            OUTSIDE, 10, 10, 10, 12.5f, 15, 17.5f, 20, 25, 30, 35, 40, 40, 40, OUTSIDE);
  }

  /** PyTorch interpolate([0..3], size=8 and 3, mode=linear, align_corners=False), run once. */
  @Test
  void scalingOfTheSameBoxAgreesWithInterpolate() {
    Volume source = Volume.of(Geometry.axisAligned(4, 1, 1, 1, 1, 1), new float[] {0, 1, 2, 3});
    Geometry finer = new Geometry(8, 1, 1, Affine.of(0.5, 0, 0, -0.25, 0, 1, 0, 0, 0, 0, 1, 0));
    assertThat(((Voxels.Float32) Resampler.resample(source, finer, OUTSIDE).voxels()).values())
        .containsExactly(0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3);
    double step = 4.0 / 3;
    Geometry coarser =
        new Geometry(3, 1, 1, Affine.of(step, 0, 0, step / 2 - 0.5, 0, 1, 0, 0, 0, 0, 1, 0));
    assertThat(((Voxels.Float32) Resampler.resample(source, coarser, OUTSIDE).voxels()).values())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(1 / 6f, 1.5f, 17 / 6f);
  }

  @Test
  void masksTakeTheNearestVoxelAndBackgroundOutside() {
    LabelMap source =
        new LabelMap(
            Geometry.axisAligned(3, 1, 1, 2, 2, 2),
            new byte[] {1, 2, (byte) 200},
            Map.of(2, "two"));
    Geometry target = new Geometry(9, 1, 1, Affine.of(1, 0, 0, -2, 0, 2, 0, 0, 0, 0, 2, 0));
    LabelMap result = Resampler.resample(source, target);
    assertThat(result.labels()).containsExactly(0, 1, 1, 2, 2, 200, 200, 200, 0);
    assertThat(result.names()).containsEntry(2, "two");
  }
}
