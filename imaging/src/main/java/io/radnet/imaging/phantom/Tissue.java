package io.radnet.imaging.phantom;

/**
 * What the phantom is made of. CT numbers in HU; relaxation times in ms at 1.5 T; proton density
 * and PET uptake (SUV of FDG) relative; the apparent diffusion coefficient in 1e-3 mm2/s. Typical
 * values from textbooks; every patient draws around them.
 *
 * <p>Enhancement: added HU in the arterial and in the portal venous phase; the same numbers,
 * scaled, shorten T1 after gadolinium.
 */
enum Tissue {
  AIR(-1000, 0, 0, 4000, 1, 1, 0, 0, 0),
  GAS(-960, 0, 0, 4000, 10, 2, 0.02, 0, 0),
  SKIN(20, 5, 20, 700, 40, 25, 0.7, 1.0, 0.8),
  FAT(-100, 0, 4, 265, 85, 35, 0.95, 0.1, 0.35),
  MUSCLE(52, 8, 18, 930, 42, 28, 0.8, 1.5, 0.7),
  CORTICAL_BONE(850, 0, 0, 900, 2, 0.8, 0.12, 0.2, 0.4),
  SKULL(1050, 0, 0, 900, 2, 0.8, 0.12, 0.2, 0.4),
  MARROW(210, 5, 15, 380, 70, 12, 0.75, 0.5, 1.1),
  CARTILAGE(70, 0, 2, 1000, 32, 18, 0.75, 1.3, 0.4),
  DISC(85, 0, 0, 950, 75, 45, 0.85, 1.5, 0.4),
  MENISCUS(90, 0, 0, 800, 9, 6, 0.45, 0.8, 0.4),
  FLUID(8, 0, 0, 3600, 1200, 500, 1.0, 2.8, 0.4),
  CSF(6, 0, 0, 4200, 1800, 900, 1.0, 3.0, 0.3),
  GREY_MATTER(38, 4, 6, 1080, 96, 62, 0.83, 0.85, 7.5),
  WHITE_MATTER(28, 2, 3, 660, 76, 56, 0.71, 0.72, 2.6),
  DEEP_GREY(38, 4, 6, 900, 84, 46, 0.80, 0.75, 8.0),
  CORD(34, 3, 4, 800, 80, 55, 0.75, 0.9, 1.8),
  SINUS_BLOOD(48, 150, 130, 1450, 150, 50, 0.85, 2.0, 1.6),
  BRAIN_LESION(30, 25, 40, 1500, 180, 90, 0.92, 1.5, 4.5),
  OEDEMA(22, 0, 0, 1350, 160, 85, 0.88, 1.45, 1.6),
  ACUTE_STROKE(24, 0, 0, 1150, 115, 65, 0.86, 0.42, 1.0),
  EYE(10, 0, 0, 3000, 700, 300, 1.0, 2.6, 0.5),
  MUCOSA(35, 30, 45, 1200, 110, 40, 0.9, 1.6, 1.6),
  GLAND(45, 40, 55, 850, 75, 35, 0.85, 1.2, 1.8),
  THYROID(95, 80, 80, 900, 80, 35, 0.85, 1.4, 1.2),
  LUNG(-840, 15, 25, 1200, 30, 2, 0.18, 1.0, 0.45),
  LUNG_LESION(30, 30, 45, 1100, 85, 35, 0.85, 1.1, 6.0),
  BLOOD(44, 290, 130, 1450, 190, 80, 0.9, 2.2, 1.5),
  VEIN(44, 40, 135, 1450, 190, 50, 0.9, 2.2, 1.5),
  MYOCARDIUM(50, 60, 70, 980, 48, 32, 0.82, 1.4, 3.6),
  LIVER(57, 14, 58, 590, 46, 22, 0.80, 1.15, 2.2),
  LIVER_VESSEL(44, 35, 120, 1400, 150, 45, 0.88, 1.6, 2.0),
  LIVER_LESION_DARK(36, 12, 24, 950, 95, 45, 0.88, 1.25, 5.5),
  LIVER_LESION_BRIGHT(45, 75, 50, 900, 85, 40, 0.88, 1.3, 3.0),
  LIVER_CYST(6, 0, 0, 3000, 700, 300, 1.0, 2.7, 0.6),
  SPLEEN(50, 75, 68, 1050, 62, 28, 0.86, 0.85, 1.7),
  KIDNEY_CORTEX(34, 130, 135, 950, 75, 42, 0.88, 2.0, 2.5),
  KIDNEY_MEDULLA(30, 40, 120, 1400, 85, 48, 0.9, 2.0, 4.0),
  URINE(6, 0, 0, 3600, 1100, 450, 1.0, 2.8, 22.0),
  PANCREAS(42, 70, 52, 590, 46, 26, 0.84, 1.5, 1.5),
  GALLBLADDER(10, 0, 0, 2200, 500, 250, 1.0, 2.7, 0.5),
  STOMACH_WALL(40, 50, 60, 950, 62, 30, 0.85, 1.5, 2.0),
  STOMACH_CONTENT(22, 0, 0, 1600, 220, 80, 0.85, 2.0, 0.7),
  BOWEL_WALL(40, 50, 60, 950, 62, 28, 0.85, 1.5, 1.9),
  BOWEL_CONTENT(25, 0, 0, 1300, 160, 35, 0.75, 1.8, 1.2),
  PROSTATE(42, 25, 45, 1100, 85, 40, 0.88, 1.5, 1.8),
  UTERUS(48, 40, 65, 1100, 85, 40, 0.88, 1.4, 1.9),
  BREAST_GLAND(38, 20, 38, 950, 62, 35, 0.85, 1.8, 1.0),
  BREAST_LESION(45, 60, 70, 1150, 78, 40, 0.9, 1.0, 4.5),
  TUMOUR(48, 40, 50, 1250, 95, 45, 0.9, 1.0, 8.0);

  final double hounsfield;
  final double arterial;
  final double portal;
  final double t1;
  final double t2;
  final double t2Star;
  final double protonDensity;
  final double diffusion;
  final double uptake;

  Tissue(
      double hounsfield,
      double arterial,
      double portal,
      double t1,
      double t2,
      double t2Star,
      double protonDensity,
      double diffusion,
      double uptake) {
    this.hounsfield = hounsfield;
    this.arterial = arterial;
    this.portal = portal;
    this.t1 = t1;
    this.t2 = t2;
    this.t2Star = t2Star;
    this.protonDensity = protonDensity;
    this.diffusion = diffusion;
    this.uptake = uptake;
  }

  /** Whether a liver mask contains it. */
  boolean ofLiver() {
    return name().startsWith("LIVER");
  }

  /** Chemical shift: what spectral fat suppression removes. */
  double fatShare() {
    return switch (this) {
      case FAT -> 0.9;
      case MARROW -> 0.55;
      default -> 0;
    };
  }

  /** How uneven it looks: relative deviation of its value over a few millimetres. */
  double texture() {
    return switch (this) {
      case AIR, GAS, CSF, FLUID, URINE, EYE, GALLBLADDER, LIVER_CYST -> 0.01;
      case BOWEL_CONTENT, STOMACH_CONTENT, BREAST_GLAND, MARROW -> 0.16;
      case TUMOUR, BRAIN_LESION, LUNG_LESION, BREAST_LESION, LIVER_LESION_DARK -> 0.14;
      default -> 0.05;
    };
  }
}
