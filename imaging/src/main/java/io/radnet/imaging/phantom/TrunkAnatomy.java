package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** The outline of the trunk and the skeleton and the organs of the chest. */
final class TrunkAnatomy {
  private static final double[][] OUTLINE = {
    // x, y, z of the middle, half width, half depth, half height, at no fat below the skin
    {0, 5, 40, 50, 52, 95},
    {0, 8, -25, 120, 62, 50},
    {0, 2, -150, 148, 98, 175},
    {0, 2, -370, 140, 94, 200},
    {0, 8, -560, 156, 100, 125},
  };

  private TrunkAnatomy() {}

  static void outline(Body body, Draw draw, Patient patient, boolean prone) {
    boolean arms = draw.chance(0.5);
    double fat = patient.fat();
    barrels(body, Tissue.FAT, fat);
    for (int side : new int[] {-1, 1}) {
      body.ball(Tissue.FAT, side * 128, 12, -45, 58 + fat / 3, 55 + fat / 3, 55);
      if (patient.female() || prone) {
        double hang = prone ? 1.45 : 0.8;
        double[] breast = at(side * 74, -96 - (prone ? 22 : 2), -135);
        double size = draw.factor(0.12);
        body.add(
            Tissue.FAT,
            body.ellipsoid(
                breast, at(64 * size, 48 * hang * size, 66 * size), at(0, 0, 0), false, 0.02, 2));
        body.add(
            Tissue.BREAST_GLAND,
            body.ellipsoid(
                at(breast[0], breast[1] - 10 * hang, breast[2]),
                at(38 * size, 32 * hang * size, 40 * size),
                at(0, 0, 0),
                false,
                0.19,
                5));
        if (prone && draw.chance(0.5)) {
          body.add(
              Tissue.BREAST_LESION,
              body.organ(
                  at(
                      breast[0] + draw.uniform(-20, 20),
                      breast[1] - draw.uniform(0, 30),
                      breast[2] + draw.uniform(-20, 20)),
                  at(10, 10, 10),
                  at(0, 0, 0),
                  0.12));
        }
      }
      if (arms && !prone) {
        body.tube(
            Tissue.FAT,
            50,
            36,
            new double[][] {
              at(side * 190, 12, -60), at(side * 215, 20, -330), at(side * 222, 0, -570)
            });
        body.tube(
            Tissue.MUSCLE,
            42,
            28,
            new double[][] {
              at(side * 190, 12, -60), at(side * 215, 20, -330), at(side * 222, 0, -570)
            });
        body.tube(
            Tissue.CORTICAL_BONE,
            12,
            10,
            new double[][] {
              at(side * 185, 12, -55), at(side * 213, 20, -330), at(side * 222, 0, -570)
            });
        body.tube(
            Tissue.MARROW,
            7,
            5,
            new double[][] {
              at(side * 185, 12, -55), at(side * 213, 20, -330), at(side * 222, 0, -570)
            });
      }
    }
    barrels(body, Tissue.MUSCLE, 0);
    for (int side : new int[] {-1, 1}) {
      body.ball(Tissue.MUSCLE, side * 128, 12, -45, 50, 46, 46);
      body.add(
          Tissue.FAT,
          body.ellipsoid(at(side * 138, 25, -95), at(20, 26, 26), at(0, 0, 0), false, 0.1, 3));
    }
    // visceral fat inside the abdominal wall
    body.add(
        Tissue.FAT, body.ellipsoid(at(0, -8, -380), at(122, 72, 150), at(0, 0, 0), true, 0.02, 2));
    body.add(
        Tissue.FAT, body.ellipsoid(at(0, -4, -545), at(98, 72, 100), at(0, 0, 0), true, 0.02, 2));
  }

  private static void barrels(Body body, Tissue tissue, double thickness) {
    for (double[] b : OUTLINE) {
      double t = b[2] > 0 ? thickness / 3 : thickness;
      body.add(
          tissue,
          body.ellipsoid(
              at(b[0], b[1], b[2]), at(b[3] + t, b[4] + t, b[5]), at(0, 0, 0), true, 0.015, 2));
    }
  }

  static void chest(Body body, Draw draw) {
    lungs(body, draw);
    mediastinum(body, draw);
    ribs(body, draw);
  }

  private static void lungs(Body body, Draw draw) {
    double breath = draw.normal(0, 10);
    for (int side : new int[] {-1, 1}) {
      double[] centre = at(side * 68, 6, -150 - breath / 2);
      double[] radii = at(64 * draw.factor(0.03), 84, 138 + breath / 2);
      body.add(Tissue.LUNG, body.ellipsoid(centre, radii, at(0, 0, 0), false, 0.03, 2));
      for (int n = 0; n < 16; n++) {
        double[] end =
            at(side * draw.uniform(30, 120), draw.uniform(-65, 75), draw.uniform(-260, -50));
        double[] middle =
            at(
                (side * 30 + end[0]) / 2 + draw.gaussian() * 6,
                (10 + end[1]) / 2,
                (-130 + end[2]) / 2);
        body.tube(
            Tissue.BLOOD,
            4.5,
            1.5,
            new double[][] {at(side * 28, 8, -125 + draw.uniform(-25, 15)), middle, end},
            Tissue.LUNG);
      }
      for (int n = draw.chance(0.4) ? 1 + draw.below(3) : 0; n > 0; n--) {
        double r = draw.uniform(4, 18);
        body.add(
            Tissue.LUNG_LESION,
            body.ellipsoid(
                at(side * draw.uniform(45, 105), draw.uniform(-50, 60), draw.uniform(-230, -70)),
                at(r, r, r),
                at(0, 0, 0),
                false,
                0.12,
                4),
            Tissue.LUNG,
            Tissue.BLOOD);
      }
      if (draw.chance(0.15)) {
        body.add(
            Tissue.FLUID,
            body.ellipsoid(at(side * 72, 62, -235), at(50, 22, 40), at(0, 0, 0), false, 0.05, 2),
            Tissue.LUNG);
      }
    }
  }

  private static void mediastinum(Body body, Draw draw) {
    body.add(
        Tissue.FAT, body.ellipsoid(at(0, -12, -95), at(26, 55, 95), at(0, 0, 0), false, 0.08, 3));
    double big = draw.factor(0.08);
    double[] heart = at(20, -36, -190);
    body.add(
        Tissue.FAT,
        body.ellipsoid(heart, at(58 * big, 47 * big, 56 * big), at(0, -20, 25), false, 0.04, 2));
    body.add(
        Tissue.MYOCARDIUM,
        body.ellipsoid(heart, at(54 * big, 43 * big, 52 * big), at(0, -20, 25), false, 0.03, 2));
    body.add(
        Tissue.BLOOD,
        body.ellipsoid(at(38, -30, -202), at(23, 20, 30), at(0, -30, 20), false, 0.04, 3));
    body.add(
        Tissue.BLOOD,
        body.ellipsoid(at(6, -56, -198), at(25, 15, 32), at(0, -20, 20), false, 0.04, 3));
    body.ball(Tissue.BLOOD, 12, -4, -172, 28, 16, 20);
    body.ball(Tissue.VEIN, -22, -30, -182, 16, 22, 26);
    body.tube(
        Tissue.BLOOD,
        13,
        12,
        new double[][] {at(22, -52, -165), at(22, -38, -130), at(10, -8, -122)});
    for (int side : new int[] {-1, 1}) {
      body.tube(Tissue.BLOOD, 9, 6, new double[][] {at(10, -10, -124), at(side * 32, 5, -130)});
      body.tube(Tissue.AIR, 6, 4, new double[][] {at(0, 10, -88), at(side * 30, 14, -118)});
      body.tube(
          Tissue.CORTICAL_BONE,
          6,
          6,
          new double[][] {
            at(side * 12, -72, -28), at(side * 70, -50, -12), at(side * 130, -15, -18)
          });
    }
    body.tube(Tissue.AIR, 9, 8, new double[][] {at(0, -6, -30), at(0, 10, -88)});
    body.tube(
        Tissue.BLOOD,
        15,
        11,
        new double[][] {
          at(12, -25, -165),
          at(-6, -40, -125),
          at(-2, -22, -88),
          at(18, 12, -80),
          at(26, 36, -105),
          at(24, 36, -200),
          at(14, 26, -290),
          at(8, 16, -380),
          at(6, 16, -455)
        });
    body.tube(
        Tissue.VEIN,
        9,
        9,
        new double[][] {at(-22, -12, -40), at(-26, -22, -110), at(-26, -25, -165)});
    body.tube(
        Tissue.MUSCLE,
        7,
        7,
        new double[][] {at(2, 22, 30), at(4, 28, -110), at(10, 24, -240), at(22, 0, -275)});
  }

  private static void ribs(Body body, Draw draw) {
    for (int n = 0; n < 11; n++) {
      double top = -22 - 24 * n + draw.normal(0, 1.5);
      double rx = Math.min(126, 72 + 17 * n);
      double ry = Math.min(88, 56 + 9 * n);
      int last = n < 8 ? 12 : 12 - 2 * (n - 7); // the lower ribs end free
      for (int side : new int[] {-1, 1}) {
        double[][] rib = new double[last + 1][];
        for (int s = 0; s <= last; s++) {
          double angle = StrictMath.PI * (0.06 + 0.82 * s / 12);
          rib[s] =
              at(
                  side * rx * StrictMath.sin(angle),
                  2 + ry * StrictMath.cos(angle),
                  top - 62 * StrictMath.sin(angle / 2) * s / 12);
        }
        body.tube(Tissue.CORTICAL_BONE, 5.5, 5, rib);
      }
    }
    for (int side : new int[] {-1, 1}) {
      body.add(
          Tissue.CORTICAL_BONE,
          body.ellipsoid(
              at(side * 92, 78, -90), at(38, 5, 55), at(10, 0, -side * 25), false, 0.05, 3));
      body.ball(Tissue.CORTICAL_BONE, side * 152, 10, -38, 24, 24, 24);
      body.ball(Tissue.MARROW, side * 152, 10, -38, 21, 21, 21);
    }
    body.add(
        Tissue.CORTICAL_BONE,
        body.ellipsoid(at(0, -86, -105), at(17, 6, 75), at(-6, 0, 0), false, 0, 1));
    body.add(
        Tissue.MARROW, body.ellipsoid(at(0, -86, -105), at(14, 4, 71), at(-6, 0, 0), false, 0, 1));
  }
}
