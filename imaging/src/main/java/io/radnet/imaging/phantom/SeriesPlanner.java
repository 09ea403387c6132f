package io.radnet.imaging.phantom;

import io.radnet.imaging.phantom.Acquisition.Phase;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;

/** Draws how an exam is done: view, contrast, field of view, slices, obliquity. */
final class SeriesPlanner {
  private static final int[] SMALL_MATRIX = {64, 72, 80, 88, 96};
  private static final int[] FULL_MATRIX = {144, 160, 192, 224, 256};
  private static final double OBLIQUE_DEGREES = 5;

  private final boolean full;
  private final boolean liverTask;

  SeriesPlanner(boolean full, boolean liverTask) {
    this.full = full;
    this.liverTask = liverTask;
  }

  SeriesPlan plan(Patient patient, int number, ExamDeck.Exam exam) {
    Draw draw = patient.source().fork(1000 + number);
    String view = view(exam, draw);
    Phase phase = phase(exam, draw);
    Acquisition acquisition =
        switch (exam.modality()) {
          case "CT" -> Acquisition.ct(draw, phase);
          case "MR" -> Acquisition.mr(draw, exam.sequence(), exam.target(), phase);
          default -> Acquisition.pet(draw);
        };
    boolean tilted =
        acquisition.ct()
            && exam.target() == Target.HEAD
            && view.equals("axial")
            && draw.chance(0.3);
    double tilt = tilted ? draw.of(-1, 1) * draw.uniform(6, 20) : 0;
    double[] degrees = {tilt, 0, 0};
    if (!tilted && acquisition.mr() && draw.chance(0.45)) {
      for (int a = 0; a < 3; a++) {
        degrees[a] = draw.normal(0, 4);
      }
    }
    double[][] axes = axes(view, Body.rotation(degrees));
    Framing framing = framing(patient, exam, acquisition, view, draw);
    Geometry geometry = geometry(patient, framing, axes, tilted);
    double normalSpacing =
        Math.abs(new SeriesPlan.NormalOf(geometry).dot(geometry.affine().column(2)));
    double thickness =
        acquisition.ct() || acquisition.modality().equals("PT")
            ? normalSpacing * draw.of(1.0, 1.0, 1.25)
            : acquisition.threeDimensional()
                ? normalSpacing
                : normalSpacing * draw.uniform(0.78, 1);
    double[] normal = new SeriesPlan.NormalOf(geometry).normal();
    double main = Math.max(Math.abs(normal[0]), Math.max(Math.abs(normal[1]), Math.abs(normal[2])));
    boolean oblique = StrictMath.toDegrees(StrictMath.acos(Math.min(1, main))) > OBLIQUE_DEGREES;
    int samples = Math.max(3, Math.min(5, (int) Math.rint(thickness / 1.5)));
    return new SeriesPlan(
        patient,
        number,
        exam.target(),
        acquisition,
        view,
        geometry,
        Math.rint(thickness * 100) / 100,
        Math.abs(tilt),
        oblique,
        Coverage.regions(exam.target(), patient.toBody(), geometry),
        draw.chance(0.3),
        full ? samples : 3,
        draw.fork(77));
  }

  private static String view(ExamDeck.Exam exam, Draw draw) {
    double[] shares =
        switch (exam.modality()) {
          case "CT" -> new double[] {0.86, 0.07, 0.07};
          case "PT" -> new double[] {1, 0, 0};
          default ->
              switch (exam.target()) {
                case HEAD ->
                    exam.sequence().diffusion()
                        ? new double[] {0.7, 0.2, 0.1}
                        : new double[] {0.34, 0.33, 0.33};
                case NECK -> new double[] {0.4, 0.3, 0.3};
                case SPINE_CERVICAL, SPINE_THORACIC, SPINE_LUMBAR -> new double[] {0.25, 0, 0.75};
                case KNEE -> new double[] {0.2, 0.35, 0.45};
                case THIGH, CALF -> new double[] {0.4, 0.6, 0};
                case BREAST -> new double[] {0.5, 0, 0.5};
                case PELVIS -> new double[] {0.4, 0.3, 0.3};
                default -> new double[] {0.6, 0.4, 0};
              };
        };
    double pick = draw.uniform();
    return pick < shares[0] ? "axial" : pick < shares[0] + shares[1] ? "coronal" : "sagittal";
  }

  private Phase phase(ExamDeck.Exam exam, Draw draw) {
    double pick = draw.uniform();
    if (exam.modality().equals("CT")) {
      if (exam.target() == Target.HEAD || exam.target() == Target.NECK) {
        return pick < 0.5 ? Phase.NATIVE : Phase.PORTAL;
      }
      if (exam.target().limb() || exam.target().spine()) {
        return Phase.NATIVE;
      }
      return pick < 0.38 ? Phase.NATIVE : pick < 0.6 ? Phase.ARTERIAL : Phase.PORTAL;
    }
    boolean weighted = exam.sequence() == Sequence.T1W || exam.sequence() == Sequence.T1_FLAIR;
    if (!weighted || exam.target().spine() && pick < 0.7) {
      return Phase.NATIVE;
    }
    return pick < 0.5
        ? Phase.NATIVE
        : exam.target().hasLiver() && pick < 0.62 ? Phase.ARTERIAL : Phase.PORTAL;
  }

  /** Rows, columns and normal as they are displayed, turned by the obliquity. */
  private static double[][] axes(String view, double[] rotation) {
    double[][] straight =
        switch (view) {
          case "axial" -> new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
          case "coronal" -> new double[][] {{1, 0, 0}, {0, 0, -1}, {0, 1, 0}};
          default -> new double[][] {{0, 1, 0}, {0, 0, -1}, {-1, 0, 0}};
        };
    double[][] axes = new double[3][3];
    for (int a = 0; a < 3; a++) {
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          axes[a][r] += rotation[r * 3 + c] * straight[a][c];
        }
      }
    }
    return axes;
  }

  /** Centre in body mm, and voxels and spacing along i, j, k. */
  private record Framing(double[] centre, int[] size, double[] spacing) {}

  private Framing framing(
      Patient patient, ExamDeck.Exam exam, Acquisition acquisition, String view, Draw draw) {
    double[] half = exam.target().half();
    double[] centre = exam.target().centre();
    double[] scale = patient.scale();
    if (exam.target().limb() && draw.chance(0.5)) {
      centre[0] = -centre[0];
    }
    int[] along = // body axis of i, j, k
        switch (view) {
          case "axial" -> new int[] {0, 1, 2};
          case "coronal" -> new int[] {0, 2, 1};
          default -> new int[] {1, 2, 0};
        };
    double[] extent = new double[3];
    for (int a = 0; a < 3; a++) {
      extent[a] = 2 * half[along[a]] * scale[along[a]];
    }
    if (view.equals("sagittal")
        && (exam.target() == Target.PELVIS || exam.target() == Target.NECK)) {
      extent[2] *= 0.6; // only the middle
    }
    double share = liverTask ? draw.uniform(0.85, 1.05) : draw.uniform(0.72, 1.05);
    double field = Math.max(extent[0], extent[1]) * draw.uniform(1.03, 1.2);
    int matrix = pick(full ? FULL_MATRIX : SMALL_MATRIX, draw);
    boolean square = !acquisition.mr() || draw.chance(0.4);
    double spacing = field / matrix;
    int[] size = {matrix, matrix, 0};
    if (!square) {
      int shorter = extent[0] < extent[1] ? 0 : 1;
      size[shorter] = Math.min(matrix, (int) Math.ceil(extent[shorter] * 1.1 / spacing / 4) * 4);
    }
    int most =
        full
            ? 120
            : exam.target() == Target.TRUNK || exam.target() == Target.ABDOMEN_PELVIS ? 72 : 40;
    int fewest = full ? 20 : 14;
    double least = Math.max(1, extent[2] * (liverTask ? 0.95 : 0.62) / most);
    double largest = Math.min(8, Math.max(least * 1.15, extent[2] * share / fewest));
    double step =
        least * StrictMath.exp(draw.uniform() * StrictMath.log(Math.max(1.05, largest / least)));
    step = Math.rint(step * 20) / 20;
    size[2] = Math.max(fewest, Math.min(most, (int) Math.rint(extent[2] * share / step)));
    double slack = Math.abs(extent[2] - size[2] * step) / 2 / scale[along[2]];
    centre[along[2]] += draw.uniform(-0.6, 0.6) * slack;
    for (int a = 0; a < 2; a++) {
      centre[along[a]] += draw.normal(0, 5);
    }
    return new Framing(centre, size, new double[] {spacing, spacing, step});
  }

  private static int pick(int[] choices, Draw draw) {
    return choices[draw.below(choices.length)];
  }

  private static Geometry geometry(
      Patient patient, Framing framing, double[][] axes, boolean tilted) {
    double[] centre =
        patient
            .toBody()
            .inverse()
            .apply(framing.centre()[0], framing.centre()[1], framing.centre()[2]);
    double[][] step = new double[3][3];
    for (int a = 0; a < 3; a++) {
      double[] direction = tilted && a == 2 ? new double[] {0, 0, 1} : axes[a];
      for (int r = 0; r < 3; r++) {
        step[a][r] = direction[r] * framing.spacing()[a];
      }
    }
    double[] rows = new double[12];
    for (int r = 0; r < 3; r++) {
      rows[r * 4 + 3] = centre[r];
      for (int a = 0; a < 3; a++) {
        rows[r * 4 + a] = step[a][r];
        rows[r * 4 + 3] -= step[a][r] * (framing.size()[a] - 1) / 2.0;
      }
    }
    return new Geometry(framing.size()[0], framing.size()[1], framing.size()[2], Affine.of(rows));
  }
}
