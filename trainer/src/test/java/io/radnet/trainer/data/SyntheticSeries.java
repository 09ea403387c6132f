package io.radnet.trainer.data;

import io.radnet.imaging.transform.Recipe.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Tensors in memory whose labels can be seen: a box whose orientation is the view, and so on. */
public final class SyntheticSeries {
  private SyntheticSeries() {}

  /** {@code count} series; the view is the axis of a bright rod, the modality its texture. */
  public static List<Sample> samples(List<Integer> grid, List<Head> heads, int count, long seed) {
    List<Sample> samples = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int n = 0; n < count; n++) {
      int view = n % 3;
      int modality = n / 3 % 3;
      double spacing = 1 + random.nextDouble(4);
      float[] values = volume(grid, view, modality, spacing, random.split());
      float[][] truth = new float[heads.size()][];
      boolean[] known = new boolean[heads.size()];
      for (int h = 0; h < heads.size(); h++) {
        truth[h] = new float[heads.get(h).classes().size()];
        switch (heads.get(h).name()) {
          case "view" -> {
            truth[h][view] = 1;
            known[h] = true;
          }
          case "modality" -> {
            truth[h][modality] = 1;
            known[h] = n % 5 != 0;
          }
          case "regions" -> {
            truth[h][view] = 1;
            truth[h][3 + modality] = 1;
            known[h] = true;
          }
          case "spacing" -> {
            truth[h][0] = (float) Math.log(spacing);
            known[h] = true;
          }
          default -> known[h] = false;
        }
      }
      samples.add(new Sample("series-" + n, values::clone, new Target(truth, known)));
    }
    return samples;
  }

  private static float[] volume(
      List<Integer> grid, int view, int modality, double spacing, SplittableRandom random) {
    int depth = grid.get(0);
    int height = grid.get(1);
    int width = grid.get(2);
    float[] values = new float[depth * height * width];
    double thickness = 0.1 + 0.08 * spacing;
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < height; j++) {
        for (int i = 0; i < width; i++) {
          double[] x = {2.0 * k / depth - 1, 2.0 * j / height - 1, 2.0 * i / width - 1};
          x[view] = 0;
          boolean inside = Math.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]) < thickness;
          double level = inside ? 0.5 + 0.2 * modality : 0.1 * modality;
          values[(k * height + j) * width + i] = (float) (level + 0.03 * random.nextDouble());
        }
      }
    }
    return values;
  }
}
