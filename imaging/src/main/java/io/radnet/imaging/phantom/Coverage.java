package io.radnet.imaging.phantom;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.List;

/** Which regions of the body a grid really shows: the truth of the regions label. */
final class Coverage {
  /** Share of a region's core that has to lie in the grid. */
  private static final double SHARE = 0.55;

  private static final int STEPS = 7;

  /** The middle part of a region, body mm. */
  private record Core(String name, double[] centre, double[] half) {}

  private static final List<Core> CORES =
      List.of(
          core("brain", 0, 5, 200, 45, 60, 48),
          core("head", 0, 0, 180, 50, 60, 62),
          core("neck", 0, 5, 50, 38, 40, 38),
          core("chest", 0, 0, -150, 80, 55, 95),
          core("liver", -50, -8, -300, 45, 45, 50),
          core("kidney", 0, 42, -365, 62, 8, 38),
          core("abdomen", 0, -8, -370, 75, 45, 75),
          core("pelvis", 0, 5, -575, 75, 45, 65));

  private Coverage() {}

  private static Core core(
      String name, double x, double y, double z, double hx, double hy, double hz) {
    return new Core(name, Body.at(x, y, z), Body.at(hx, hy, hz));
  }

  static List<String> regions(Target target, Affine toBody, Geometry grid) {
    if (target == Target.BREAST) {
      return List.of("breast");
    }
    if (target.limb()) {
      return List.of("extremity");
    }
    if (target.spine()) {
      return target == Target.SPINE_CERVICAL ? List.of("neck", "spine") : List.of("spine");
    }
    Affine bodyToIndex = toBody.after(grid.affine()).inverse();
    List<String> regions = new ArrayList<>();
    for (Core core : CORES) {
      if (share(core, bodyToIndex, grid) >= SHARE) {
        regions.add(core.name());
      }
    }
    return regions;
  }

  private static double share(Core core, Affine bodyToIndex, Geometry grid) {
    int inside = 0;
    for (int n = 0; n < STEPS * STEPS * STEPS; n++) {
      int[] at = {n % STEPS, n / STEPS % STEPS, n / STEPS / STEPS};
      double[] p = new double[3];
      for (int a = 0; a < 3; a++) {
        p[a] = core.centre()[a] + core.half()[a] * (2.0 * at[a] / (STEPS - 1) - 1);
      }
      double[] index = bodyToIndex.apply(p[0], p[1], p[2]);
      if (index[0] >= -0.5
          && index[1] >= -0.5
          && index[2] >= -0.5
          && index[0] <= grid.width() - 0.5
          && index[1] <= grid.height() - 0.5
          && index[2] <= grid.depth() - 0.5) {
        inside++;
      }
    }
    return inside / (double) (STEPS * STEPS * STEPS);
  }
}
