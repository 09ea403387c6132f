package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** The outline of the trunk, the skeleton of the chest, its organs, and the spine. */
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

  /** Depth (y) of the middle of the vertebral bodies. */
  static double spineY(double z) {
    double[][] curve = {
      {130, 24}, {60, 20}, {0, 38}, {-130, 58}, {-250, 50}, {-390, 34}, {-470, 42}, {-560, 72}
    };
    for (int n = 1; n < curve.length; n++) {
      if (z >= curve[n][0]) {
        double t = (z - curve[n][0]) / (curve[n - 1][0] - curve[n][0]);
        return curve[n][1] + t * (curve[n - 1][1] - curve[n][1]);
      }
    }
    return curve[curve.length - 1][1];
  }

  static void spine(Body body, Draw draw) {
    double lean = draw.normal(0, 4);
    double z = 118;
    for (int n = 0; n < 23; n++) {
      double height = n < 6 ? 13 : n < 18 ? 19 + (n - 6) * 0.5 : 26;
      double disc = n < 6 ? 4.5 : n < 18 ? 4.5 : 9;
      double radius = n < 6 ? 11 : n < 18 ? 13 + (n - 6) * 0.45 : 22;
      double middle = z - height / 2;
      double y = spineY(middle);
      double x = lean * StrictMath.sin((118 - middle) / 110);
      double back = y + radius * 0.8 + 9;
      body.add(
          Tissue.CORTICAL_BONE,
          body.ellipsoid(
              at(x, y, middle), at(radius, radius * 0.8, height / 2), at(0, 0, 0), true, 0, 1));
      body.add(
          Tissue.MARROW,
          body.ellipsoid(
              at(x, y, middle),
              at(radius - 1.8, radius * 0.8 - 1.8, height / 2 - 1),
              at(0, 0, 0),
              true,
              0,
              1));
      body.add(
          Tissue.DISC,
          body.ellipsoid(
              at(x, spineY(z - height - disc / 2), z - height - disc / 2),
              at(radius, radius * 0.8, disc / 2 + 0.5),
              at(0, 0, 0),
              true,
              0,
              1));
      for (int side : new int[] {-1, 1}) {
        body.tube(
            Tissue.CORTICAL_BONE,
            4.5,
            4,
            new double[][] {
              at(x + side * radius * 0.75, y + radius * 0.5, middle),
              at(x + side * 13, back + 4, middle),
              at(x, back + 14, middle - 5)
            });
        if (n > 5) {
          body.tube(
              Tissue.CORTICAL_BONE,
              4,
              3,
              new double[][] {
                at(x + side * 12, back, middle), at(x + side * (n < 18 ? 30 : 40), back + 4, middle)
              });
        }
      }
      body.tube(
          Tissue.CORTICAL_BONE,
          4,
          3.5,
          new double[][] {
            at(x, back + 12, middle - 4), at(x, back + (n < 6 ? 26 : 36), middle - 14)
          });
      z -= height + disc;
    }
    double[][] canal = new double[16][];
    for (int n = 0; n < 16; n++) {
      double level = 130 - n * 41;
      double radius = level > 20 ? 11 : level > -280 ? 15 : 22;
      canal[n] =
          at(lean * StrictMath.sin((118 - level) / 110), spineY(level) + radius * 0.8 + 8.5, level);
    }
    body.tube(Tissue.FAT, 9.5, 9.5, canal);
    body.tube(Tissue.CSF, 8, 8.5, canal);
    body.tube(Tissue.CORD, 5, 4.5, java.util.Arrays.copyOf(canal, 12));
    for (int side : new int[] {-1, 1}) {
      body.tube(
          Tissue.CORD,
          1.5,
          1.2,
          new double[][] {
            at(canal[11][0] + side * 3, canal[11][1], canal[11][2]),
            at(canal[15][0] + side * 4, canal[15][1] + 3, canal[15][2])
          });
    }
  }
}
