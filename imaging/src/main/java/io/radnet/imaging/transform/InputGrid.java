package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.List;

/**
 * Where a model's input grid lies in the patient: a frame of three directions at right angles,
 * spacings, and the box that the scan fills in that frame. Arrays of three are in the order width,
 * height, depth here, as the axes i, j, k of a {@link Geometry}.
 */
final class InputGrid {
  /** An extent this close (in voxels) to a whole number is one: voxels then stay on the scan's. */
  private static final double WHOLE = 1e-3;

  /** A labels model sees a scan of up to this many grids of slices as it is, cut at both ends. */
  private static final double MOST_GRIDS = 1.5;

  /** A labels model sees a small scan enlarged in its plane by this much at most. */
  private static final double MOST_ZOOM = 3;

  private final double[][] axes;
  private final double[] spacing;
  private final double[] low = new double[3];
  private final double[] extent = new double[3];

  private InputGrid(Geometry scan, double[][] axes, double[] spacing) {
    this.axes = axes;
    this.spacing = spacing;
    double[] high = new double[3];
    for (int corner = 0; corner < 8; corner++) {
      double[] p =
          scan.affine()
              .apply(
                  (corner & 1) == 0 ? -0.5 : scan.width() - 0.5,
                  (corner & 2) == 0 ? -0.5 : scan.height() - 0.5,
                  (corner & 4) == 0 ? -0.5 : scan.depth() - 0.5);
      for (int a = 0; a < 3; a++) {
        double along = dot(axes[a], p);
        low[a] = corner == 0 ? along : Math.min(low[a], along);
        high[a] = corner == 0 ? along : Math.max(high[a], along);
      }
    }
    for (int a = 0; a < 3; a++) {
      extent[a] = high[a] - low[a];
    }
  }

  private static InputGrid unfitted(Recipe recipe, Geometry scan) {
    double[][] axes =
        switch (recipe.orientation()) {
          case LPS -> new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
          case ACQUISITION -> acquisition(scan);
        };
    return new InputGrid(scan, axes, spacing(recipe.spacingMm(), scan, axes));
  }

  /** See {@link ModelInput#spacingFactor}. */
  static double spacingFactor(Recipe recipe, Geometry scan) {
    InputGrid grid = unfitted(recipe, scan);
    return grid.sliceStep(recipe) * grid.zoom(recipe);
  }

  /** How much a scan is enlarged in its plane, so that the longer side of it fills the grid. */
  private double zoom(Recipe recipe) {
    if (recipe.task() != Recipe.Task.LABELS
        || recipe.formatVersion() < 3
        || recipe.spacingMm().get(1) == 0
        || recipe.spacingMm().get(2) == 0) {
      return 1;
    }
    double wide = recipe.grid().get(2) * spacing[0] / extent[0];
    double high = recipe.grid().get(1) * spacing[1] / extent[1];
    return Math.max(1, Math.min(MOST_ZOOM, Math.min(wide, high)));
  }

  private int sliceStep(Recipe recipe) {
    double grids = extent[2] / spacing[2] / recipe.grid().get(0);
    return recipe.task() == Recipe.Task.LABELS
            && recipe.formatVersion() >= 2
            && recipe.spacingMm().get(0) == 0
            && grids > MOST_GRIDS
        ? (int) Math.round(grids)
        : 1;
  }

  /** The grid of a recipe for a scan. */
  static Geometry of(Recipe recipe, Geometry scan) {
    InputGrid grid = unfitted(recipe, scan);
    int[] size = {recipe.grid().get(2), recipe.grid().get(1), recipe.grid().get(0)};
    double zoom = grid.zoom(recipe);
    grid.spacing[0] /= zoom;
    grid.spacing[1] /= zoom;
    grid.spacing[2] *= grid.sliceStep(recipe);
    return switch (recipe.task()) {
      case LABELS -> grid.centred(size);
      case SEGMENTATION -> grid.covering(size);
    };
  }

  /**
   * The scan's own rows and columns, each mirrored where it runs against the usual display (left,
   * posterior, inferior), so that the same scan read from DICOM and from NIfTI looks the same;
   * depth along the normal (rows x columns).
   */
  private static double[][] acquisition(Geometry scan) {
    double[] i = displayed(scan.direction(0));
    double[] j = displayed(scan.direction(1));
    double[] k = unit(cross(i, j));
    return new double[][] {i, unit(cross(k, i)), k};
  }

  private static double[] displayed(double[] direction) {
    int main = dominant(direction);
    double sign = Math.signum(direction[main]) * (main == 2 ? -1 : 1);
    return new double[] {sign * direction[0], sign * direction[1], sign * direction[2]};
  }

  private static int dominant(double[] v) {
    int main = 0;
    for (int a = 1; a < 3; a++) {
      if (Math.abs(v[a]) > Math.abs(v[main])) {
        main = a;
      }
    }
    return main;
  }

  /** The recipe's spacing; where it is 0, that of the scan axis which runs closest, projected. */
  private static double[] spacing(List<Double> depthHeightWidth, Geometry scan, double[][] axes) {
    double[] spacing = new double[3];
    for (int a = 0; a < 3; a++) {
      spacing[a] = depthHeightWidth.get(2 - a);
      if (spacing[a] == 0) {
        int closest = 0;
        for (int b = 1; b < 3; b++) {
          if (Math.abs(dot(axes[a], scan.direction(b)))
              > Math.abs(dot(axes[a], scan.direction(closest))) + 1e-9) {
            closest = b;
          }
        }
        spacing[a] = Math.abs(dot(axes[a], scan.affine().column(closest)));
      }
    }
    return spacing;
  }

  /** Exactly {@code size} voxels around the middle of the scan. */
  private Geometry centred(int[] size) {
    double[] start = new double[3];
    for (int a = 0; a < 3; a++) {
      double voxels = extent[a] / spacing[a];
      long whole = Math.round(voxels);
      double first =
          Math.abs(voxels - whole) < WHOLE
              ? Math.floorDiv(whole - size[a], 2L)
              : (voxels - size[a]) / 2;
      start[a] = low[a] + (first + 0.5) * spacing[a];
    }
    return geometry(start, size);
  }

  /** The whole scan, and at least {@code least} voxels a side. */
  private Geometry covering(int[] least) {
    double[] start = new double[3];
    int[] size = new int[3];
    for (int a = 0; a < 3; a++) {
      double voxels = extent[a] / spacing[a];
      int covering = Math.max(1, (int) Math.ceil(voxels - WHOLE));
      size[a] = Math.max(covering, least[a]);
      double first = (voxels - covering) / 2 - (size[a] - covering) / 2;
      start[a] = low[a] + (first + 0.5) * spacing[a];
    }
    return geometry(start, size);
  }

  private Geometry geometry(double[] start, int[] size) {
    double[] rows = new double[12];
    for (int r = 0; r < 3; r++) {
      for (int a = 0; a < 3; a++) {
        rows[r * 4 + a] = axes[a][r] * spacing[a];
        rows[r * 4 + 3] += axes[a][r] * start[a];
      }
    }
    return new Geometry(size[0], size[1], size[2], Affine.of(rows));
  }

  private static double dot(double[] u, double[] v) {
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  }

  private static double[] cross(double[] u, double[] v) {
    return new double[] {
      u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
    };
  }

  private static double[] unit(double[] v) {
    double length = Math.sqrt(dot(v, v));
    return new double[] {v[0] / length, v[1] / length, v[2] / length};
  }
}
