package io.radnet.imaging.phantom;

import static io.radnet.imaging.phantom.Body.at;

/** What a series wants to show: a box of the body, in body mm. */
enum Target {
  HEAD(at(0, -2, 195), at(84, 104, 82)),
  NECK(at(0, 5, 55), at(78, 80, 78)),
  CHEST(at(0, 0, -142), at(178, 128, 150)),
  ABDOMEN(at(0, 0, -345), at(168, 122, 118)),
  PELVIS(at(0, 5, -572), at(180, 126, 112)),
  ABDOMEN_PELVIS(at(0, 0, -460), at(178, 126, 228)),
  TRUNK(at(0, 0, -345), at(180, 128, 345)),
  BREAST(at(0, -88, -135), at(160, 92, 88)),
  SPINE_CERVICAL(at(0, 25, 50), at(42, 75, 88)),
  SPINE_THORACIC(at(0, 62, -130), at(42, 75, 150)),
  SPINE_LUMBAR(at(0, 52, -375), at(45, 75, 125)),
  KNEE(at(92, 0, -1050), at(76, 76, 82)),
  THIGH(at(92, 0, -840), at(96, 100, 150)),
  CALF(at(92, 5, -1200), at(76, 78, 130));

  private final double[] centre;
  private final double[] half;

  Target(double[] centre, double[] half) {
    this.centre = centre;
    this.half = half;
  }

  double[] centre() {
    return centre.clone();
  }

  double[] half() {
    return half.clone();
  }

  boolean spine() {
    return name().startsWith("SPINE");
  }

  boolean limb() {
    return this == KNEE || this == THIGH || this == CALF;
  }

  boolean hasLiver() {
    return this == ABDOMEN || this == ABDOMEN_PELVIS || this == TRUNK;
  }
}
