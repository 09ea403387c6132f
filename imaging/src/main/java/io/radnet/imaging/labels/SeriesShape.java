package io.radnet.imaging.labels;

import io.radnet.imaging.series.Frame;
import io.radnet.imaging.series.Instance;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the positions, orientations and sizes of a series say, without pixels.
 *
 * @param normals one unit normal in LPS per stack that has one
 * @param steps distances in mm between neighbours of the largest stack along its normal
 * @param tiltDegrees between stacking direction and normal of the largest stack; null where unknown
 * @param inPlaneMm row and column spacing of the largest stack; empty where unknown
 * @param rows of a slice
 * @param columns of a slice
 * @param instances DICOM instances
 * @param slices of the largest stack
 * @param volumes stacks
 * @param tiles whether slices are tiles of a sheet (mosaic), with positions from private elements
 * @param pixels whether any instance has pixel data
 * @param cutOff instances whose file ends early
 * @param bValues in s/mm2
 * @param sopClasses different SOP classes
 * @param modalities different modalities
 */
record SeriesShape(
    List<double[]> normals,
    double[] steps,
    @Nullable Double tiltDegrees,
    List<Double> inPlaneMm,
    int rows,
    int columns,
    int instances,
    int slices,
    int volumes,
    boolean tiles,
    boolean pixels,
    int cutOff,
    List<Double> bValues,
    List<String> sopClasses,
    List<String> modalities,
    int duplicates) {

  static SeriesShape of(Series series) {
    List<Stack> stacks = VolumeAssembler.stacks(series);
    List<double[]> normals = new ArrayList<>();
    TreeSet<Double> bValues = new TreeSet<>();
    boolean tiles = false;
    int duplicates = 0;
    for (Stack stack : stacks) {
      double[] normal = stack.first().normal();
      if (normal != null) {
        normals.add(normal);
      }
      duplicates = Math.max(duplicates, stack.duplicates());
      for (Frame frame : stack.frames()) {
        tiles |= frame.tileX() > 0 || frame.tileY() > 0;
        if (!Double.isNaN(frame.group().bValue())) {
          bValues.add(frame.group().bValue());
        }
      }
    }
    Optional<Stack> largest =
        stacks.stream()
            .max(
                Comparator.comparingInt((Stack stack) -> stack.frames().size())
                    .thenComparing(stack -> -stack.volumeIndex()));
    double[] steps = largest.map(SeriesShape::steps).orElse(new double[0]);
    Frame first = largest.map(Stack::first).orElse(null);
    boolean pixels = false;
    int cutOff = 0;
    TreeSet<String> classes = new TreeSet<>();
    TreeSet<String> modalities = new TreeSet<>();
    for (Instance instance : series.instances()) {
      pixels |= instance.hasPixels();
      cutOff += instance.cutOff() ? 1 : 0;
      classes.add(instance.sopClassUid());
      modalities.add(instance.modality());
    }
    return new SeriesShape(
        normals,
        steps,
        first == null || first.position() == null || first.normal() == null
            ? null
            : largest.map(Stack::tiltDegrees).orElse(null),
        first == null || !(first.rowSpacing() > 0)
            ? List.of()
            : List.of(round(first.rowSpacing()), round(first.columnSpacing())),
        first == null ? 0 : first.rows(),
        first == null ? 0 : first.columns(),
        series.instances().size(),
        largest.map(SeriesShape::slices).orElse(0),
        stacks.size(),
        tiles,
        pixels,
        cutOff,
        List.copyOf(bValues),
        List.copyOf(classes),
        List.copyOf(modalities),
        duplicates);
  }

  /** Frames of one file without a place are time points or tiles, not slices. */
  private static int slices(Stack stack) {
    boolean placed = stack.first().position() != null && stack.first().normal() != null;
    return placed
        ? stack.frames().size()
        : (int) stack.frames().stream().map(Frame::instance).distinct().count();
  }

  private static double[] steps(Stack stack) {
    double[] normal = stack.first().normal();
    if (normal == null) {
      return new double[0];
    }
    List<Double> along = new ArrayList<>();
    for (Frame frame : stack.frames()) {
      double[] p = frame.position();
      if (p == null) {
        return new double[0];
      }
      along.add(normal[0] * p[0] + normal[1] * p[1] + normal[2] * p[2]);
    }
    along.sort(null);
    double[] steps = new double[along.size() - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = along.get(i + 1) - along.get(i);
    }
    return steps;
  }

  /** The largest angle in degrees between two normals, their sign aside. */
  double normalSpreadDegrees() {
    double spread = 0;
    for (double[] a : normals) {
      for (double[] b : normals.subList(0, 1)) {
        double cosine = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
        spread = Math.max(spread, Math.toDegrees(Math.acos(Math.min(1, cosine))));
      }
    }
    return spread;
  }

  /** Whether the stacks look in different directions. */
  boolean mixed(Rules rules) {
    return normalSpreadDegrees() > rules.threshold("mixed_orientation_degrees");
  }

  /** The median step in mm; NaN where there is none. */
  double medianStep() {
    if (steps.length == 0) {
      return Double.NaN;
    }
    double[] sorted = steps.clone();
    java.util.Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The way from the first to the last slice in mm. */
  double extentAlong() {
    double sum = 0;
    for (double step : steps) {
      sum += step;
    }
    return sum;
  }

  /** The shorter side of a slice in mm; NaN where unknown. */
  double shortSide() {
    return inPlaneMm.isEmpty()
        ? Double.NaN
        : Math.min(rows * inPlaneMm.get(0), columns * inPlaneMm.get(1));
  }

  /** The longer side of a slice in mm; NaN where unknown. */
  double longSide() {
    return inPlaneMm.isEmpty()
        ? Double.NaN
        : Math.max(rows * inPlaneMm.get(0), columns * inPlaneMm.get(1));
  }

  static double round(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
