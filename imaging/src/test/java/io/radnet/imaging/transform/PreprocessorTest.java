package io.radnet.imaging.transform;

import static io.radnet.imaging.transform.TestScans.UNIT;
import static io.radnet.imaging.transform.TestScans.counting;
import static io.radnet.imaging.transform.TestScans.recipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PreprocessorTest {
  @Test
  void nativeSpacingKeepsTheVoxelsAndCropsAndPadsInWholeVoxels() {
    Volume scan = counting(Geometry.axisAligned(6, 5, 9, 0.7, 0.7, 3));
    ModelInput input =
        new Preprocessor(
                recipe(
                    Recipe.Task.LABELS,
                    Recipe.Orientation.ACQUISITION,
                    List.of(0.0, 0.0, 0.7),
                    List.of(4, 8, 6),
                    UNIT))
            .prepare(scan);
    assertThat(input.geometry().width()).isEqualTo(6);
    assertThat(input.geometry().height()).isEqualTo(8);
    assertThat(input.geometry().depth()).isEqualTo(4);
    for (int d = 0; d < 4; d++) {
      for (int h = 0; h < 8; h++) {
        for (int w = 0; w < 6; w++) {
          // 9 slices to 4: from slice 2; 5 rows to 8: two rows of zeros first, then one at the end
          int row = h - 2;
          double expected = row < 0 || row > 4 ? 0 : scan.value(w, row, d + 2) / 1000;
          assertThat(input.values()[(d * 8 + h) * 6 + w])
              .isCloseTo((float) expected, within(1e-5f));
        }
      }
    }
  }

  @Test
  void labelsGridIsCentredOnTheScanWithTheRecipesSpacing() {
    Geometry scan = new Geometry(100, 80, 30, Affine.of(1, 0, 0, -50, 0, 1, 0, 7, 0, 0, 4, 3));
    Geometry grid =
        new Preprocessor(
                recipe(
                    Recipe.Task.LABELS,
                    Recipe.Orientation.ACQUISITION,
                    List.of(0.0, 2.5, 2.5),
                    List.of(16, 48, 48),
                    UNIT))
            .grid(scan);
    assertThat(grid.spacing(0)).isCloseTo(2.5, within(1e-9));
    assertThat(grid.spacing(2)).isCloseTo(4, within(1e-9));
    assertThat(grid.affine().apply(23.5, 23.5, 7.5))
        .containsExactly(scan.affine().apply(49.5, 39.5, 14.5), within(1e-9));
  }

  /** The same sagittal scan, once as DICOM displays it and once with rows and slices reversed. */
  @Test
  void mirroredStorageGivesTheSameInput() {
    Affine displayed = Affine.of(0, 0, 3, -20, 1.5, 0, 0, -30, 0, -1.5, 0, 40);
    Geometry grid = new Geometry(12, 10, 6, displayed);
    Volume scan = counting(grid);
    short[] mirrored = new short[(int) grid.voxels()];
    for (int k = 0; k < 6; k++) {
      for (int j = 0; j < 10; j++) {
        for (int i = 0; i < 12; i++) {
          mirrored[(k * 10 + j) * 12 + i] = (short) scan.value(11 - i, 9 - j, 5 - k);
        }
      }
    }
    double[] origin = displayed.apply(11, 9, 5);
    Volume other =
        new Volume(
            new Geometry(
                12,
                10,
                6,
                Affine.of(0, 0, -3, origin[0], -1.5, 0, 0, origin[1], 0, 1.5, 0, origin[2])),
            new Voxels.Int16(mirrored),
            1,
            0);
    Preprocessor preprocessor =
        new Preprocessor(
            recipe(
                Recipe.Task.LABELS,
                Recipe.Orientation.ACQUISITION,
                List.of(0.0, 2.0, 2.0),
                List.of(6, 8, 8),
                UNIT));
    ModelInput first = preprocessor.prepare(scan);
    ModelInput second = preprocessor.prepare(other);
    assertThat(second.geometry().matches(first.geometry(), 1e-9)).isTrue();
    for (int i = 0; i < first.values().length; i++) {
      assertThat(second.values()[i]).isCloseTo(first.values()[i], within(1e-5f));
    }
  }

  @Test
  void percentilesFollowTheScansOwnVoxels() {
    short[] values = new short[10 * 10 * 10];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (i * 7 % 1000); // every number below 1000 once
    }
    Recipe recipe =
        recipe(
            Recipe.Task.LABELS,
            Recipe.Orientation.ACQUISITION,
            List.of(0.0, 0.0, 0.0),
            List.of(10, 10, 10),
            new Recipe.Intensity(Recipe.Intensity.Kind.PERCENTILE, 10, 90));
    Geometry grid = Geometry.axisAligned(10, 10, 10, 1, 1, 1);
    float[] stored =
        new Preprocessor(recipe)
            .prepare(new Volume(grid, new Voxels.Int16(values), 2, -100))
            .values();
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = 2 * values[i] - 100;
    }
    float[] plain = new Preprocessor(recipe).prepare(Volume.of(grid, floats)).values();
    for (int i = 0; i < values.length; i++) {
      double expected = Math.max(0, Math.min(1, (values[i] - 99) / 800.0));
      assertThat((double) stored[i]).isCloseTo(expected, within(1e-5));
      assertThat((double) plain[i]).isCloseTo(expected, within(1e-4));
    }
  }

  /** Air, fat, soft tissue and bone, and the same numbers without air. */
  @Test
  void aWindowInHuIsForScansThatHoldAir() {
    Recipe recipe =
        recipe(
            Recipe.Task.LABELS,
            Recipe.Orientation.ACQUISITION,
            List.of(0.0, 0.0, 0.0),
            List.of(1, 2, 2),
            new Recipe.Intensity(Recipe.Intensity.Kind.CT_WINDOW, -200, 400));
    Geometry grid = Geometry.axisAligned(2, 2, 1, 1, 1, 1);
    Volume ct = new Volume(grid, new Voxels.Int16(new short[] {24, 924, 1074, 2024}), 1, -1024);
    Volume mr = new Volume(grid, new Voxels.Int16(new short[] {0, 100, 150, 200}), 1, 0);

    assertThat(new Preprocessor(recipe).prepare(ct).values())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0, 1f / 6, 250f / 600, 1);
    assertThat(new Preprocessor(recipe).prepare(mr).values())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0, 100f / 150, 1, 1);
  }

  @Test
  void aConstantScanIsZero() {
    Volume scan = Volume.of(Geometry.axisAligned(4, 4, 4, 1, 1, 1), new float[64]);
    ModelInput input =
        new Preprocessor(
                recipe(
                    Recipe.Task.LABELS,
                    Recipe.Orientation.ACQUISITION,
                    List.of(0.0, 0.0, 0.0),
                    List.of(4, 4, 4),
                    new Recipe.Intensity(Recipe.Intensity.Kind.PERCENTILE, 1, 99)))
            .prepare(scan);
    assertThat(input.values()).containsOnly(0);
  }

  @Test
  void segmentationCoversTheWholeScanAndAtLeastOneWindow() {
    Geometry scan =
        new Geometry(
            40, 30, 12, Affine.of(0.9, 0.2, 0.3, -20, -0.1, 1.1, 0.8, 30, 0.05, -0.1, 4, -40));
    Geometry grid =
        new Preprocessor(
                recipe(
                    Recipe.Task.SEGMENTATION,
                    Recipe.Orientation.LPS,
                    List.of(2.0, 1.5, 1.5),
                    List.of(64, 8, 8),
                    UNIT))
            .grid(scan);
    assertThat(grid.depth()).isEqualTo(64);
    Affine inverse = grid.affine().inverse();
    for (int corner = 0; corner < 8; corner++) {
      double[] p =
          scan.affine()
              .apply(
                  (corner & 1) == 0 ? -0.5 : 39.5,
                  (corner & 2) == 0 ? -0.5 : 29.5,
                  (corner & 4) == 0 ? -0.5 : 11.5);
      double[] index = inverse.apply(p[0], p[1], p[2]);
      for (int axis = 0; axis < 3; axis++) {
        assertThat(index[axis]).isBetween(-0.51, grid.size(axis) - 0.49);
      }
    }
  }

  /** A ball seen by an oblique, anisotropic, tilted scan comes back within a voxel. */
  @Test
  void aBallComesBackOnATiltedScan() {
    Geometry scan =
        new Geometry(
            48, 40, 20, Affine.of(1.4, 0.3, 0.2, -40, -0.3, 1.5, 1.2, -45, 0.1, -0.2, 3.5, -30));
    double[] centre = scan.affine().apply(23.2, 19.6, 9.7);
    double radius = 19;
    float[] values = new float[(int) scan.voxels()];
    byte[] truth = new byte[values.length];
    for (int k = 0, index = 0; k < 20; k++) {
      for (int j = 0; j < 40; j++) {
        for (int i = 0; i < 48; i++, index++) {
          double distance = distance(scan.affine().apply(i, j, k), centre);
          truth[index] = (byte) (distance < radius ? 1 : 0);
          values[index] = truth[index] * 1000;
        }
      }
    }
    Preprocessor preprocessor =
        new Preprocessor(
            recipe(
                Recipe.Task.SEGMENTATION,
                Recipe.Orientation.LPS,
                List.of(2.0, 2.0, 2.0),
                List.of(32, 32, 32),
                UNIT));
    ModelInput input = preprocessor.prepare(Volume.of(scan, values));
    float[] logits = new float[2 * input.values().length];
    for (int i = 0; i < input.values().length; i++) {
      logits[input.values().length + i] = input.values()[i] - 0.5f;
    }
    LabelMap mask = preprocessor.restoreMask(logits, 2, input.geometry(), scan, Map.of(1, "ball"));
    assertThat(mask.geometry()).isEqualTo(scan);
    int wrong = 0;
    for (int k = 0, index = 0; k < 20; k++) {
      for (int j = 0; j < 40; j++) {
        for (int i = 0; i < 48; i++, index++) {
          if (mask.labels()[index] != truth[index]) {
            wrong++;
            double fromSurface = distance(scan.affine().apply(i, j, k), centre) - radius;
            assertThat(Math.abs(fromSurface)).as("mm from the surface").isLessThan(3.8);
          }
        }
      }
    }
    LabelMap exact = new LabelMap(scan, truth, Map.of());
    assertThat(mask.millilitres(1)).isCloseTo(exact.millilitres(1), within(1.0));
    assertThat(wrong).isLessThan((int) (exact.millilitres(1) / scan.voxelMillilitres() * 0.12));
  }

  @Test
  void equalLogitsGiveTheLowestClassAndOutsideIsBackground() {
    Geometry input = Geometry.axisAligned(2, 1, 1, 1, 1, 1);
    Geometry scan = Geometry.axisAligned(4, 1, 1, 1, 1, 1);
    float[] logits = {-1, 0, 2, 1, 2, 1}; // three classes of two voxels
    LabelMap mask =
        new Preprocessor(
                recipe(
                    Recipe.Task.SEGMENTATION,
                    Recipe.Orientation.LPS,
                    List.of(1.0, 1.0, 1.0),
                    List.of(1, 1, 1),
                    UNIT))
            .restoreMask(logits, 3, input, scan, Map.of());
    assertThat(mask.labels()).containsExactly(1, 1, 0, 0);
  }

  private static double distance(double[] p, double[] q) {
    return Math.sqrt(
        Math.pow(p[0] - q[0], 2) + Math.pow(p[1] - q[1], 2) + Math.pow(p[2] - q[2], 2));
  }
}
