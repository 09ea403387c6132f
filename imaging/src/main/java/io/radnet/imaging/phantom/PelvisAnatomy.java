package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** The pelvis: bones, muscles, bladder and its neighbours. */
final class PelvisAnatomy {
  private PelvisAnatomy() {}

  static void add(Body body, Draw draw, boolean female) {
    body.tube(Tissue.FAT, 12, 10, new double[][] {at(0, 108, -520), at(0, 112, -640)});
    for (int side : new int[] {-1, 1}) {
      body.add(
          Tissue.FAT,
          body.ellipsoid(
              at(side * 70, 58, -575), at(22, 12, 55), at(0, 0, side * 30), false, 0.1, 3));
      wing(body, Tissue.CORTICAL_BONE, side, 0);
      wing(body, Tissue.MARROW, side, 2.6);
      body.ball(Tissue.CORTICAL_BONE, side * 88, 6, -592, 33, 31, 34);
      body.ball(Tissue.MARROW, side * 88, 6, -592, 29, 27, 30);
      body.ball(Tissue.CARTILAGE, side * 93, 4, -598, 27, 27, 27);
      body.tube(
          Tissue.CORTICAL_BONE,
          8,
          8,
          new double[][] {
            at(side * 68, -8, -605), at(side * 34, -40, -622), at(side * 5, -48, -636)
          });
      body.tube(
          Tissue.CORTICAL_BONE,
          9,
          8,
          new double[][] {
            at(side * 72, 20, -615), at(side * 58, 32, -660), at(side * 24, -30, -660)
          });
      body.tube(
          Tissue.BLOOD,
          7,
          5,
          new double[][] {
            at(6, 16, -455),
            at(side * 36, 18, -510),
            at(side * 62, -30, -580),
            at(side * 68, -52, -650)
          });
      body.tube(
          Tissue.VEIN,
          7.5,
          6,
          new double[][] {
            at(-16, 18, -455),
            at(side * 32, 26, -515),
            at(side * 54, -22, -585),
            at(side * 58, -48, -650)
          });
    }
    LimbAnatomy.hips(body);
    for (int n = 0; n < 4; n++) {
      double z = -505 - n * 22;
      body.add(
          Tissue.CORTICAL_BONE,
          body.ellipsoid(
              at(0, 58 + n * 9, z), at(50 - n * 8, 17, 14), at(-20, 0, 0), false, 0.03, 3));
      body.add(
          Tissue.MARROW,
          body.ellipsoid(
              at(0, 58 + n * 9, z), at(47 - n * 8, 14, 11), at(-20, 0, 0), false, 0.03, 3));
    }
    body.tube(
        Tissue.BOWEL_WALL,
        15,
        13,
        new double[][] {at(0, 42, -585), at(0, 48, -620), at(0, 58, -660)});
    body.tube(
        draw.chance(0.4) ? Tissue.GAS : Tissue.BOWEL_CONTENT,
        11,
        8,
        new double[][] {at(0, 42, -585), at(0, 48, -620)});
    double full = draw.uniform(0.6, 1.15);
    body.add(
        Tissue.MUSCLE,
        body.ellipsoid(
            at(0, -22, -590),
            at(38 * full + 3, 30 * full + 3, 30 * full + 3),
            at(0, 0, 0),
            false,
            0.03,
            2));
    body.add(
        Tissue.URINE,
        body.ellipsoid(
            at(0, -22, -590), at(38 * full, 30 * full, 30 * full), at(0, 0, 0), false, 0.03, 2));
    if (female) {
      body.add(Tissue.UTERUS, body.organ(at(0, 10, -562), at(26, 22, 30), at(25, 0, 0), 0.03));
      body.ball(Tissue.FLUID, 0, 10, -562, 5, 4, 14);
      for (int side : new int[] {-1, 1}) {
        body.add(
            Tissue.MUCOSA, body.organ(at(side * 42, 12, -560), at(13, 11, 15), at(0, 0, 0), 0.05));
      }
    } else {
      body.add(Tissue.PROSTATE, body.organ(at(0, 4, -632), at(22, 17, 19), at(0, 0, 0), 0.03));
    }
    if (draw.chance(0.25)) {
      body.add(
          Tissue.TUMOUR,
          body.organ(
              at(draw.uniform(-70, 70), draw.uniform(-10, 75), draw.uniform(-640, -520)),
              at(16, 16, 18),
              at(0, 0, 0),
              0.1));
    }
  }

  private static void wing(Body body, Tissue tissue, int side, double inset) {
    body.add(
        tissue,
        body.ellipsoid(
            at(side * 84, 34, -505),
            at(10 - inset, 56 - inset, 66 - inset),
            at(0, -side * 18, -side * 42),
            false,
            0.03,
            2));
  }
}
