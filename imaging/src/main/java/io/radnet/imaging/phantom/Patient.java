package io.radnet.imaging.phantom;

import io.radnet.imaging.volume.Affine;

/**
 * Who is scanned: every series of a patient sees the same body.
 *
 * @param number from 1
 * @param split train, validation or test
 * @param source of the patient's draws, wide for test patients
 * @param female whether the pelvis and the chest are a woman's
 * @param fat thickness of the fat below the skin, mm
 * @param scale of the body along x, y, z
 * @param offset of the body in the scanner, mm
 */
record Patient(
    int number,
    String split,
    Draw source,
    boolean female,
    double fat,
    double[] scale,
    double[] offset) {

  static Patient draw(Draw source, int number, String split) {
    Draw draw = source.fork(1);
    double size = draw.factor(0.07);
    return new Patient(
        number,
        split,
        source,
        draw.chance(0.5),
        Math.max(5, draw.normal(16, 6)),
        new double[] {size * draw.factor(0.06), size * draw.factor(0.07), size * draw.factor(0.04)},
        new double[] {draw.normal(0, 12), draw.normal(-20, 20), draw.normal(300, 150)});
  }

  /** A pseudonym such as P0001. */
  String id() {
    return "P%04d".formatted(number);
  }

  /** Scanner space (LPS mm) to body space. */
  Affine toBody() {
    return Affine.of(
        1 / scale[0],
        0,
        0,
        -offset[0] / scale[0],
        0,
        1 / scale[1],
        0,
        -offset[1] / scale[1],
        0,
        0,
        1 / scale[2],
        -offset[2] / scale[2]);
  }

  /**
   * The body.
   *
   * @param prone whether breasts hang, as for a breast scan
   */
  Body body(boolean prone) {
    Body body = new Body(source.fork(2));
    TrunkAnatomy.outline(body, source.fork(3), this, prone);
    LimbAnatomy.legs(body, source.fork(4), fat);
    TrunkAnatomy.chest(body, source.fork(5));
    AbdomenAnatomy.add(body, source.fork(6));
    PelvisAnatomy.add(body, source.fork(7), female);
    SpineAnatomy.add(body, source.fork(8));
    HeadAnatomy.add(body, source.fork(9));
    return body;
  }
}
