package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** The organs between diaphragm and pelvis. Neighbours touch the liver and share its values. */
final class AbdomenAnatomy {
  private AbdomenAnatomy() {}

  static void add(Body body, Draw draw) {
    muscles(body);
    kidneys(body, draw);
    bowel(body, draw);
    stomachAndSpleen(body, draw);
    body.tube(
        Tissue.VEIN,
        12,
        11,
        new double[][] {at(-20, 8, -235), at(-22, 16, -300), at(-20, 18, -380), at(-16, 18, -455)});
    body.tube(
        Tissue.BLOOD, 11, 11, new double[][] {at(14, 26, -290), at(8, 16, -380), at(6, 16, -455)});
    liver(body, draw);
    pancreas(body, draw);
  }

  private static void muscles(Body body) {
    for (int side : new int[] {-1, 1}) {
      body.tube(
          Tissue.MUSCLE,
          14,
          24,
          new double[][] {
            at(side * 26, 38, -330), at(side * 38, 36, -440), at(side * 60, 12, -560)
          });
      body.add(
          Tissue.FAT,
          body.ellipsoid(
              at(side * 42, 78, -360), at(4, 16, 130), at(0, 0, side * 25), false, 0.05, 3));
      // fat around the kidneys parts them from the wall
      body.add(
          Tissue.FAT,
          body.ellipsoid(at(side * 62, 42, -365), at(42, 34, 74), at(0, 0, 0), false, 0.05, 2));
    }
  }

  private static void kidneys(Body body, Draw draw) {
    for (int side : new int[] {-1, 1}) {
      double low = side < 0 ? -372 : -358;
      Shape cortex =
          body.organ(at(side * 62, 42, low), at(28, 26, 54), at(8, side * 10, side * 12), 0.03);
      double[] c = cortex.centre();
      body.add(Tissue.KIDNEY_CORTEX, cortex);
      body.add(
          Tissue.KIDNEY_MEDULLA,
          body.ellipsoid(c, at(19, 17, 43), at(8, side * 10, side * 12), false, 0.19, 5),
          Tissue.KIDNEY_CORTEX);
      body.add(
          Tissue.FAT,
          body.ellipsoid(
              at(c[0] - side * 14, c[1] - 6, c[2]), at(13, 9, 20), at(0, 0, 0), false, 0.1, 3),
          Tissue.KIDNEY_CORTEX,
          Tissue.KIDNEY_MEDULLA);
      body.add(
          Tissue.URINE,
          body.ellipsoid(
              at(c[0] - side * 12, c[1] - 5, c[2]), at(9, 6, 13), at(0, 0, 0), false, 0.1, 3));
      if (draw.chance(0.3)) {
        double r = draw.uniform(6, 18);
        body.add(
            draw.chance(0.7) ? Tissue.FLUID : Tissue.TUMOUR,
            body.ellipsoid(
                at(c[0] + side * 18, c[1] + draw.uniform(-12, 12), c[2] + draw.uniform(-40, 40)),
                at(r, r, r),
                at(0, 0, 0),
                false,
                0.02,
                3));
      }
    }
  }

  private static void stomachAndSpleen(Body body, Draw draw) {
    Shape spleen = body.organ(at(94, 34, -290), at(27, 40, 50), at(15, 0, -20), 0.03);
    body.add(Tissue.SPLEEN, spleen);
    Shape stomach = body.organ(at(52, -38, -302), at(42, 34, 52), at(0, 25, -20), 0.04);
    double[] c = stomach.centre();
    body.add(Tissue.STOMACH_WALL, stomach);
    double full = draw.uniform(0.75, 0.9);
    body.add(
        draw.chance(0.8) ? Tissue.STOMACH_CONTENT : Tissue.FLUID,
        body.ellipsoid(c, at(42 * full, 34 * full, 52 * full), at(0, 25, -20), false, 0.04, 3),
        Tissue.STOMACH_WALL);
    body.add(
        Tissue.GAS,
        body.ellipsoid(
            at(c[0], c[1] - 18, c[2] + 8),
            at(26, 12 * draw.uniform(0.5, 1.3), 30),
            at(0, 25, -20),
            false,
            0.03,
            3),
        Tissue.STOMACH_CONTENT,
        Tissue.FLUID);
  }

  private static void liver(Body body, Draw draw) {
    Shape right = body.organ(at(-60, -4, -305), at(62, 68, 76), at(6, 12, -8), 0.035);
    double[] c = right.centre();
    body.add(Tissue.LIVER, right);
    double reach = draw.normal(0, 16); // how far the left lobe goes: some touch the spleen
    Shape left =
        body.organ(at(4 + reach / 2, -42, -285), at(62 + reach / 2, 28, 36), at(0, 14, 8), 0.05);
    body.add(Tissue.LIVER, left);
    body.add(Tissue.LIVER, body.organ(at(-22, -8, -285), at(38, 36, 44), at(0, 0, 0), 0.04));
    if (draw.chance(0.25)) {
      body.add(Tissue.LIVER, body.organ(at(-82, 0, -365), at(30, 38, 52), at(0, 8, 0), 0.04));
    }
    body.add(
        Tissue.GALLBLADDER,
        body.organ(at(c[0] + 18, c[1] - 36, c[2] - 56), at(13, 17, 26), at(20, 0, 0), 0.02));
    Tissue[] inLiver = {Tissue.LIVER};
    double[] hilum = at(c[0] + 32, c[1] - 2, c[2] - 22);
    body.tube(Tissue.VEIN, 8, 7, new double[][] {at(-6, 2, -350), hilum});
    double[][] ends = {
      at(c[0] - 34, c[1] - 34, c[2] + 8), at(c[0] - 36, c[1] + 34, c[2] - 26),
      at(c[0] - 30, c[1] + 26, c[2] + 32),
          at(left.centre()[0] + 22, left.centre()[1], left.centre()[2]),
    };
    for (double[] end : ends) {
      double[] middle =
          at(
              (hilum[0] + end[0]) / 2 + draw.gaussian() * 4,
              (hilum[1] + end[1]) / 2 + draw.gaussian() * 4,
              (hilum[2] + end[2]) / 2 + draw.gaussian() * 4);
      body.tube(Tissue.LIVER_VESSEL, 6, 2, new double[][] {hilum, middle, end}, inLiver);
      body.tube(
          Tissue.LIVER_VESSEL,
          5,
          2,
          new double[][] {
            at(-22, 4, -244),
            at((end[0] - 22) / 2 + draw.gaussian() * 6, end[1] / 2 + 10, (end[2] - 244) / 2),
            at(end[0] + 8, end[1] + 12, end[2] + 14)
          },
          inLiver);
    }
    for (int n = draw.chance(0.55) ? 1 + draw.below(5) : 0; n > 0; n--) {
      double r = draw.uniform(4, 20);
      Tissue kind =
          draw.of(
              Tissue.LIVER_LESION_DARK,
              Tissue.LIVER_LESION_DARK,
              Tissue.LIVER_LESION_BRIGHT,
              Tissue.LIVER_CYST);
      body.add(
          kind,
          body.ellipsoid(
              at(
                  c[0] + draw.uniform(-45, 40),
                  c[1] + draw.uniform(-45, 45),
                  c[2] + draw.uniform(-50, 50)),
              at(r, r * draw.factor(0.1), r * draw.factor(0.1)),
              at(0, 0, 0),
              false,
              0.06,
              4),
          Tissue.LIVER,
          Tissue.LIVER_VESSEL);
    }
  }

  private static void pancreas(Body body, Draw draw) {
    body.tube(
        Tissue.PANCREAS,
        13,
        8,
        new double[][] {at(-26, -6, -372), at(-8, -16, -352), at(26, -8, -340), at(64, 14, -322)});
    body.tube(
        Tissue.VEIN, 5, 4, new double[][] {at(-6, 2, -350), at(20, 4, -338), at(70, 22, -310)});
    body.tube(Tissue.VEIN, 5.5, 5, new double[][] {at(-6, 2, -350), at(-4, -8, -420)});
    body.tube(
        Tissue.BOWEL_WALL,
        13,
        12,
        new double[][] {at(-30, -30, -345), at(-46, -10, -370), at(-42, 2, -410), at(10, 2, -425)});
    body.tube(
        Tissue.BOWEL_CONTENT,
        9,
        9,
        new double[][] {at(-30, -30, -345), at(-46, -10, -370), at(-42, 2, -410), at(10, 2, -425)});
    if (draw.chance(0.2)) {
      body.add(Tissue.TUMOUR, body.organ(at(-20, -8, -366), at(14, 13, 13), at(0, 0, 0), 0.1));
    }
  }

  private static void bowel(Body body, Draw draw) {
    for (int loop = 0; loop < 4; loop++) {
      double[] middle = at(draw.uniform(-30, 30), -28, draw.uniform(-470, -420));
      double[][] path = body.wander(middle, at(0, -22, -455), at(78, 38, 68), 14, 18);
      body.tube(Tissue.BOWEL_WALL, 12, 12, path, Tissue.FAT, Tissue.MUSCLE);
      body.tube(
          draw.chance(0.7) ? Tissue.BOWEL_CONTENT : Tissue.FLUID, 9, 9, path, Tissue.BOWEL_WALL);
    }
    double[][] colon = {
      at(-88, 0, -520), at(-92, 2, -455), at(-88, -18, -400), at(-45, -52, -400), at(0, -58, -412),
      at(50, -50, -385), at(92, 0, -340), at(98, 10, -420), at(92, 12, -500), at(50, 5, -545),
      at(10, 30, -550), at(0, 48, -590),
    };
    for (double[] p : colon) {
      for (int a = 0; a < 3; a++) {
        p[a] += draw.normal(0, 5);
      }
    }
    body.tube(Tissue.BOWEL_WALL, 21, 15, colon);
    body.tube(Tissue.BOWEL_CONTENT, 18, 12, colon);
    for (int n = 0; n + 1 < colon.length; n++) {
      if (draw.chance(0.6)) {
        double[] a = colon[n];
        double[] b = colon[n + 1];
        body.add(
            Tissue.GAS,
            body.ellipsoid(
                at((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 - 6, (a[2] + b[2]) / 2),
                at(15, 9, 18),
                at(0, 0, 0),
                false,
                0.1,
                3),
            Tissue.BOWEL_CONTENT);
      }
    }
  }
}
