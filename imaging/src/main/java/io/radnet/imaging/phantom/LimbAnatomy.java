package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** Thighs, knees and calves; the middle of a knee lies at x = 92 (left) or -92, z = -1050. */
final class LimbAnatomy {
  private LimbAnatomy() {}

  static void legs(Body body, Draw draw, double fat) {
    double thin = fat * 0.55;
    for (int side : new int[] {-1, 1}) {
      double x = side * 92;
      layer(body, Tissue.FAT, x, thin);
      layer(body, Tissue.MUSCLE, x, 0);
      for (int n = 0; n < 5; n++) { // fat between the muscles
        double angle = 1.25 * n + draw.uniform(0, 0.4);
        double dx = 42 * StrictMath.cos(angle);
        double dy = 42 * StrictMath.sin(angle);
        body.add(
            Tissue.FAT,
            body.ellipsoid(
                at(x + dx, dy, -830),
                at(24, 2.6, 170),
                at(0, 0, StrictMath.toDegrees(angle)),
                false,
                0.05,
                4));
      }
      body.add(
          Tissue.FAT,
          body.ellipsoid(at(x, 30, -1052), at(24, 18, 34), at(0, 0, 0), false, 0.06, 3));
      bone(
          body,
          15,
          17,
          new double[][] {at(side * 118, 5, -640), at(side * 108, 0, -800), at(x, 0, -1000)},
          6);
      knee(body, draw, x, side);
      bone(body, 17, 12, new double[][] {at(x, -2, -1085), at(x, 0, -1200), at(x, 5, -1400)}, 5);
      bone(
          body,
          8,
          6,
          new double[][] {at(x + side * 34, 20, -1080), at(x + side * 32, 20, -1400)},
          3);
      body.tube(
          Tissue.BLOOD,
          4.5,
          4,
          new double[][] {
            at(side * 68, -52, -650), at(side * 70, -20, -830), at(x, 32, -1010), at(x, 30, -1200)
          });
      body.tube(
          Tissue.VEIN,
          5,
          4,
          new double[][] {
            at(side * 58, -48, -650),
            at(side * 62, -12, -830),
            at(x + 8, 38, -1010),
            at(x + 8, 34, -1200)
          });
      if (draw.chance(0.2)) {
        body.add(
            Tissue.TUMOUR,
            body.organ(
                at(x + draw.uniform(-30, 30), draw.uniform(-40, 30), draw.uniform(-1300, -750)),
                at(18, 18, 26),
                at(0, 0, 0),
                0.1));
      }
    }
  }

  private static void layer(Body body, Tissue tissue, double x, double thickness) {
    body.add(
        tissue,
        body.ellipsoid(
            at(x, 0, -830), at(74 + thickness, 78 + thickness, 205), at(0, 0, 0), true, 0.02, 2));
    body.add(
        tissue,
        body.ellipsoid(
            at(x, 0, -1050),
            at(54 + thickness / 2, 58 + thickness / 2, 110),
            at(0, 0, 0),
            true,
            0.02,
            2));
    body.add(
        tissue,
        body.ellipsoid(
            at(x, 10, -1230),
            at(52 + thickness / 2, 58 + thickness / 2, 150),
            at(0, 0, 0),
            true,
            0.02,
            2));
  }

  private static void bone(Body body, double from, double to, double[][] path, double wall) {
    body.tube(Tissue.CORTICAL_BONE, from, to, path);
    body.tube(Tissue.MARROW, from - wall, to - wall, path);
  }

  private static void knee(Body body, Draw draw, double x, int side) {
    double effusion = draw.uniform(0.4, 1.4);
    body.add(
        Tissue.FLUID,
        body.ellipsoid(at(x, -42, -1005), at(24, 8 * effusion, 26), at(-10, 0, 0), false, 0.1, 3));
    body.ball(Tissue.FAT, x, -38, -1060, 24, 16, 20);
    for (int condyle : new int[] {-1, 1}) {
      double c = x + condyle * 22;
      body.ball(Tissue.CARTILAGE, c, 4, -1030, 25, 34, 27);
      body.ball(Tissue.CORTICAL_BONE, c, 4, -1029, 23, 32, 25);
      body.ball(Tissue.MARROW, c, 4, -1028, 21.5, 30.5, 23.5);
      body.ball(Tissue.MENISCUS, c, 2, -1057, 24, 26, 4.5);
      body.ball(Tissue.CARTILAGE, c, 2, -1057, 13, 15, 4);
    }
    body.ball(Tissue.MARROW, x, -2, -1008, 30, 26, 26);
    body.add(
        Tissue.CORTICAL_BONE,
        body.ellipsoid(at(x, 2, -1075), at(43, 31, 16), at(0, 0, 0), true, 0, 1));
    body.add(
        Tissue.MARROW, body.ellipsoid(at(x, 2, -1076), at(41, 29, 14.5), at(0, 0, 0), true, 0, 1));
    body.ball(Tissue.CORTICAL_BONE, x, -46, -1022, 23, 11, 22);
    body.ball(Tissue.MARROW, x, -46, -1022, 21, 9, 20);
    body.tube(Tissue.MENISCUS, 4, 4, new double[][] {at(x, -50, -1042), at(x, -40, -1090)});
    body.tube(
        Tissue.MENISCUS,
        3.5,
        3.5,
        new double[][] {at(x + side * 6, 12, -1034), at(x - side * 4, -6, -1060)});
    if (draw.chance(0.3)) {
      body.add(
          Tissue.OEDEMA,
          body.organ(
              at(x + draw.of(-22, 22), 2, draw.of(-1082.0, -1022.0)),
              at(11, 11, 10),
              at(0, 0, 0),
              0.15),
          Tissue.MARROW);
    }
  }

  /** Head and neck of the femur; added after the pelvis. */
  static void hips(Body body) {
    for (int side : new int[] {-1, 1}) {
      body.ball(Tissue.CORTICAL_BONE, side * 93, 4, -598, 24, 24, 24);
      body.tube(
          Tissue.CORTICAL_BONE,
          16,
          18,
          new double[][] {at(side * 98, 4, -602), at(side * 128, 8, -628)});
      body.ball(Tissue.MARROW, side * 93, 4, -598, 22, 22, 22);
      body.tube(
          Tissue.MARROW, 12, 14, new double[][] {at(side * 98, 4, -602), at(side * 128, 8, -628)});
    }
  }
}
