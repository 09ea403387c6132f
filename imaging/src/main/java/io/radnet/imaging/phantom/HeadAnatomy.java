package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** Head, brain and neck. */
final class HeadAnatomy {
  private static final Tissue[] BRAIN = {Tissue.GREY_MATTER, Tissue.WHITE_MATTER};

  private HeadAnatomy() {}

  static void add(Body body, Draw draw) {
    neck(body, draw);
    body.ball(Tissue.FAT, 0, -2, 183, 77, 98, 110);
    body.ball(Tissue.SKULL, 0, 5, 200, 71, 89, 82);
    brain(body, draw);
    face(body, draw);
    if (draw.chance(0.45)) {
      lesions(body, draw);
    }
  }

  private static void neck(Body body, Draw draw) {
    for (int side : new int[] {-1, 1}) {
      body.tube(
          Tissue.BLOOD,
          5,
          4,
          new double[][] {
            at(side * 18, 5, -30),
            at(side * 26, -8, 20),
            at(side * 26, -8, 95),
            at(side * 22, -5, 150)
          });
      body.tube(
          Tissue.VEIN,
          8,
          6,
          new double[][] {
            at(side * 26, 5, -30),
            at(side * 36, -10, 20),
            at(side * 36, -5, 95),
            at(side * 34, 12, 130)
          });
      body.add(
          Tissue.THYROID, body.organ(at(side * 16, -32, 18), at(10, 9, 20), at(0, 0, 0), 0.03));
      body.add(Tissue.GLAND, body.organ(at(side * 32, -38, 80), at(12, 15, 12), at(0, 0, 0), 0.05));
      body.add(Tissue.FAT, body.organ(at(side * 38, 8, 55), at(8, 12, 38), at(0, 0, 0), 0.1));
      if (draw.chance(0.3)) {
        body.add(
            Tissue.TUMOUR,
            body.organ(at(side * 38, -8, draw.uniform(20, 80)), at(9, 9, 11), at(0, 0, 0), 0.08));
      }
    }
  }

  private static void brain(Body body, Draw draw) {
    double atrophy = Math.max(0, draw.normal(1.5, 1));
    body.ball(Tissue.CSF, 0, 5, 200, 66, 84, 77);
    body.add(
        Tissue.GREY_MATTER,
        body.ellipsoid(
            at(0, 5, 200),
            at(64.5 - atrophy, 82.5 - atrophy, 75.5 - atrophy),
            at(0, 0, 0),
            false,
            0.035,
            11));
    body.add(
        Tissue.WHITE_MATTER,
        body.ellipsoid(at(0, 5, 199), at(56, 73, 65), at(0, 0, 0), false, 0.085, 9.5));
    body.add(
        Tissue.CSF,
        body.ellipsoid(at(0, 5, 232), at(2.2, 82, 45), at(0, 0, 0), false, 0.05, 5),
        BRAIN);
    double wide = draw.factor(0.2);
    for (int side : new int[] {-1, 1}) {
      body.add(
          Tissue.CSF,
          body.ellipsoid(at(side * 48, -8, 185), at(14, 22, 3.2), at(-10, 0, 0), false, 0.1, 4),
          BRAIN);
      body.ball(Tissue.DEEP_GREY, side * 25, -3, 197, 8, 18, 11);
      body.ball(Tissue.DEEP_GREY, side * 10, 12, 194, 8, 13, 9);
      body.add(
          Tissue.CSF,
          body.ellipsoid(
              at(side * 11, 0, 209),
              at(6.5 * wide, 27, 8 * wide),
              at(0, 0, side * 10),
              false,
              0.04,
              3));
      body.add(
          Tissue.CSF,
          body.ellipsoid(
              at(side * 22, 33, 200),
              at(6 * wide, 16, 8 * wide),
              at(15, 0, side * 12),
              false,
              0.04,
              3));
      body.add(
          Tissue.CSF,
          body.ellipsoid(
              at(side * 32, 8, 182), at(4 * wide, 15, 4 * wide), at(0, 0, side * 12), false, 0, 1));
    }
    body.ball(Tissue.CSF, 0, 8, 194, 2.8 * wide, 13, 8);
    body.add(
        Tissue.GREY_MATTER,
        body.ellipsoid(at(0, 50, 150), at(48, 28, 25), at(0, 0, 0), false, 0.04, 12));
    body.add(
        Tissue.WHITE_MATTER,
        body.ellipsoid(at(0, 48, 150), at(34, 17, 13), at(0, 0, 0), false, 0.14, 9));
    body.ball(Tissue.CSF, 0, 15, 165, 22, 22, 14);
    body.tube(
        Tissue.WHITE_MATTER,
        15,
        9,
        new double[][] {at(0, 12, 180), at(0, 16, 155), at(0, 24, 118)});
    body.ball(Tissue.CSF, 0, 34, 155, 6, 5, 8);
    double[][] sinus = new double[9][];
    for (int n = 0; n < 9; n++) {
      double angle = StrictMath.toRadians(25 + n * 20);
      sinus[n] = at(0, 5 - 83 * StrictMath.cos(angle), 200 + 76 * StrictMath.sin(angle));
    }
    body.tube(Tissue.SINUS_BLOOD, 4, 6, sinus);
    for (int side : new int[] {-1, 1}) {
      body.tube(
          Tissue.SINUS_BLOOD,
          5.5,
          5,
          new double[][] {
            sinus[8], at(side * 40, 68, 168), at(side * 58, 25, 155), at(side * 40, 15, 135)
          });
      body.tube(
          Tissue.SINUS_BLOOD,
          2.8,
          2,
          new double[][] {at(side * 8, -18, 168), at(side * 30, -20, 172), at(side * 52, -8, 184)});
    }
  }

  private static void face(Body body, Draw draw) {
    body.add(
        Tissue.SKULL, body.ellipsoid(at(0, -28, 152), at(60, 66, 7), at(-14, 0, 0), false, 0, 1));
    body.ball(Tissue.MUSCLE, 0, -45, 112, 60, 48, 47);
    body.ball(Tissue.FAT, 0, -58, 128, 52, 34, 30);
    for (int side : new int[] {-1, 1}) {
      body.ball(Tissue.SKULL, side * 33, -66, 163, 24, 27, 22);
      body.ball(Tissue.FAT, side * 33, -68, 163, 20, 28, 18);
      body.tube(
          Tissue.MUSCLE, 3, 2, new double[][] {at(side * 24, -35, 163), at(side * 32, -66, 163)});
      body.ball(Tissue.EYE, side * 33, -80, 163, 12, 12, 12);
      body.ball(Tissue.SKULL, side * 27, -62, 130, 17, 20, 19);
      body.ball(draw.chance(0.2) ? Tissue.MUCOSA : Tissue.AIR, side * 27, -62, 130, 14, 17, 16);
      body.ball(Tissue.SKULL, side * 52, 22, 140, 14, 19, 17);
      body.add(
          Tissue.GAS,
          body.ellipsoid(at(side * 54, 24, 139), at(9, 13, 12), at(0, 0, 0), false, 0.25, 5));
      body.tube(
          Tissue.CORTICAL_BONE,
          7,
          8,
          new double[][] {
            at(side * 50, -10, 135), at(side * 46, -18, 92), at(side * 30, -68, 82), at(0, -86, 80)
          });
      body.tube(
          Tissue.MARROW,
          4,
          4,
          new double[][] {at(side * 46, -18, 92), at(side * 30, -68, 82), at(0, -86, 80)});
      body.tube(Tissue.SKULL, 5, 5, new double[][] {at(side * 26, -62, 104), at(0, -84, 104)});
      body.add(Tissue.GLAND, body.organ(at(side * 56, 5, 112), at(12, 18, 22), at(0, 0, 0), 0.05));
    }
    body.ball(Tissue.MUCOSA, 0, -68, 138, 13, 32, 22);
    body.ball(Tissue.AIR, 0, -72, 137, 3.5, 30, 18);
    body.ball(Tissue.AIR, 0, -45, 158, 12, 20, 9);
    body.ball(Tissue.AIR, 0, -86, 188, 16, 5, 9);
    body.ball(Tissue.MUSCLE, 0, -48, 96, 25, 30, 20);
    body.ball(Tissue.FAT, 0, -102, 132, 13, 14, 18);
    body.tube(
        Tissue.AIR,
        8,
        8,
        new double[][] {
          at(0, -28, 138),
          at(0, -10, 110),
          at(0, -14, 70),
          at(0, -22, 45),
          at(0, -14, 0),
          at(0, 8, -60)
        });
  }

  private static void lesions(Body body, Draw draw) {
    int side = draw.of(-1, 1);
    if (draw.chance(0.5)) {
      body.add(
          Tissue.ACUTE_STROKE,
          body.ellipsoid(
              at(side * draw.uniform(25, 48), draw.uniform(-30, 45), draw.uniform(185, 220)),
              at(draw.uniform(8, 18), draw.uniform(10, 26), draw.uniform(8, 20)),
              at(0, 0, 0),
              false,
              0.15,
              3),
          BRAIN);
    } else {
      double[] centre =
          at(side * draw.uniform(22, 44), draw.uniform(-35, 50), draw.uniform(180, 230));
      double r = draw.uniform(7, 17);
      body.add(
          Tissue.OEDEMA,
          body.ellipsoid(centre, at(r * 1.7, r * 1.9, r * 1.6), at(0, 0, 0), false, 0.15, 3),
          BRAIN);
      body.add(
          Tissue.BRAIN_LESION,
          body.ellipsoid(centre, at(r, r, r), at(0, 0, 0), false, 0.1, 3),
          Tissue.OEDEMA,
          Tissue.GREY_MATTER,
          Tissue.WHITE_MATTER);
      body.add(
          Tissue.OEDEMA,
          body.ellipsoid(centre, at(r * 0.5, r * 0.5, r * 0.5), at(0, 0, 0), false, 0.1, 3),
          Tissue.BRAIN_LESION);
    }
    for (int n = draw.below(10); n > 0; n--) {
      double r = draw.uniform(2, 4);
      body.add(
          Tissue.OEDEMA,
          body.ellipsoid(
              at(
                  draw.of(-1, 1) * draw.uniform(14, 30),
                  draw.uniform(-35, 50),
                  draw.uniform(205, 228)),
              at(r, r, r),
              at(0, 0, 0),
              false,
              0,
              1),
          Tissue.WHITE_MATTER);
    }
  }
}
