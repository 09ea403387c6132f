package io.radnet.trainer.segmentation;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;

/**
 * How well one class of a mask matches the truth, on the scan's own grid.
 *
 * @param dice {@code 2 |A and B| / (|A| + |B|)}; 1 where both are empty
 * @param iou {@code |A and B| / |A or B|}; 1 where both are empty
 * @param surfaceDice share of both borders that lies within 3 mm of the other
 * @param hausdorff95 95th percentile of the distances between the borders, mm; where one mask is
 *     empty the diagonal of the scan's grid, as in the BraTS challenge, so that a mean does not
 *     gain by a scan that was missed
 * @param truthMillilitres volume of the truth
 * @param answerMillilitres volume of the answer
 */
public record Overlap(
    double dice,
    double iou,
    double surfaceDice,
    double hausdorff95,
    double truthMillilitres,
    double answerMillilitres) {
  /**
   * Compares one label.
   *
   * @throws IllegalArgumentException where the grids differ
   */
  public static Overlap of(LabelMap truth, LabelMap answer, int label) {
    if (truth.labels().length != answer.labels().length
        || !truth.geometry().matches(answer.geometry(), 1e-3)) {
      throw new IllegalArgumentException("masks on different grids");
    }
    long inTruth = 0;
    long inAnswer = 0;
    long inBoth = 0;
    for (int v = 0; v < truth.labels().length; v++) {
      boolean t = (truth.labels()[v] & 0xff) == label;
      boolean a = (answer.labels()[v] & 0xff) == label;
      inTruth += t ? 1 : 0;
      inAnswer += a ? 1 : 0;
      inBoth += t && a ? 1 : 0;
    }
    long either = inTruth + inAnswer - inBoth;
    double millilitres = truth.geometry().voxelMillilitres();
    Surfaces.Distances surfaces = Surfaces.between(truth, answer, label);
    return new Overlap(
        either == 0 ? 1 : 2.0 * inBoth / (inTruth + inAnswer),
        either == 0 ? 1 : (double) inBoth / either,
        surfaces.surfaceDice(),
        Double.isInfinite(surfaces.hausdorff95())
            ? diagonal(truth.geometry())
            : surfaces.hausdorff95(),
        inTruth * millilitres,
        inAnswer * millilitres);
  }

  /** Whether one mask is empty and the other is not. */
  boolean oneEmpty() {
    return (truthMillilitres == 0) != (answerMillilitres == 0);
  }

  /** From one corner of a grid to the opposite one, mm; a tilt is left out. */
  private static double diagonal(Geometry grid) {
    double squares = 0;
    for (int axis = 0; axis < 3; axis++) {
      double side = grid.size(axis) * grid.spacing(axis);
      squares += side * side;
    }
    return Math.sqrt(squares);
  }
}
