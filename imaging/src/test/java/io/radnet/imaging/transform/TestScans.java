package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.util.List;
import java.util.Map;

/** Recipes and scans for tests. */
final class TestScans {
  private TestScans() {}

  static final Recipe.Intensity UNIT = new Recipe.Intensity(Recipe.Intensity.Kind.WINDOW, 0, 1000);

  static Recipe recipe(
      Recipe.Task task,
      Recipe.Orientation orientation,
      List<Double> spacing,
      List<Integer> grid,
      Recipe.Intensity intensity) {
    return new Recipe(
        1,
        task,
        orientation,
        spacing,
        grid,
        intensity,
        new Recipe.SlidingWindowSpec(0.5, 0.125),
        List.of(),
        task == Recipe.Task.SEGMENTATION ? List.of("background", "ball") : List.of(),
        0,
        "test",
        "",
        Map.of());
  }

  static Volume counting(Geometry grid) {
    short[] values = new short[(int) grid.voxels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (1 + i % 997);
    }
    return new Volume(grid, new Voxels.Int16(values), 1, 0);
  }
}
