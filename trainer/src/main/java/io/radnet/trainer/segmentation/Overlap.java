package io.radnet.trainer.segmentation;

import io.radnet.imaging.volume.LabelMap;

/**
 * How well one class of a mask matches the truth, on the scan's own grid.
 *
 * @param dice {@code 2 |A and B| / (|A| + |B|)}; 1 where both are empty
 * @param iou {@code |A and B| / |A or B|}; 1 where both are empty
 * @param surfaceDice share of both borders that lies within 3 mm of the other
 * @param hausdorff95 95th percentile of the distances between the borders, mm; infinite where one
 *     mask is empty
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
        surfaces.hausdorff95(),
        inTruth * millilitres,
        inAnswer * millilitres);
  }
}
