package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** Vertebrae from the second cervical to the fifth lumbar, discs, cord and nerve roots. */
final class SpineAnatomy {
  private SpineAnatomy() {}

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

  static void add(Body body, Draw draw) {
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
