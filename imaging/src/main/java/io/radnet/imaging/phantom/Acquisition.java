package io.radnet.imaging.phantom;

/**
 * How a series was acquired.
 *
 * @param modality CT, MR or PT
 * @param sequence MR sequence; none for CT and PET
 * @param technique the kind of pulse sequence
 * @param phase of the contrast agent
 * @param fatSuppressed by a spectral pulse (STIR suppresses by its inversion time instead)
 * @param repetition TR in ms
 * @param echo TE in ms
 * @param inversion TI in ms, 0 where there is none
 * @param flip angle in degrees
 * @param echoTrain echoes per excitation
 * @param bValue s/mm2
 * @param field tesla
 * @param vendor who built the scanner
 */
record Acquisition(
    String modality,
    Sequence sequence,
    Technique technique,
    Phase phase,
    boolean fatSuppressed,
    double repetition,
    double echo,
    double inversion,
    double flip,
    int echoTrain,
    double bValue,
    double field,
    Vendor vendor) {

  /** Kinds of pulse sequences. */
  enum Technique {
    SPIN_ECHO,
    TURBO_SPIN_ECHO,
    SINGLE_SHOT,
    GRADIENT_ECHO,
    VOLUME_GRADIENT_ECHO,
    PREPARED_GRADIENT_ECHO,
    ECHO_PLANAR,
    NONE
  }

  /** Phases of an intravenous contrast agent. */
  enum Phase {
    NATIVE,
    ARTERIAL,
    PORTAL
  }

  /** Styles of headers. */
  enum Vendor {
    SIEMENS("SIEMENS"),
    GE("GE MEDICAL SYSTEMS"),
    PHILIPS("Philips Medical Systems"),
    TOSHIBA("TOSHIBA");

    final String manufacturer;

    Vendor(String manufacturer) {
      this.manufacturer = manufacturer;
    }
  }

  boolean mr() {
    return modality.equals("MR");
  }

  boolean ct() {
    return modality.equals("CT");
  }

  boolean enhanced() {
    return phase != Phase.NATIVE;
  }

  /** Whether an agent would show, so that a technician says it where none was given. */
  boolean canEnhance() {
    return ct() || sequence == Sequence.T1W || sequence == Sequence.T1_FLAIR;
  }

  boolean threeDimensional() {
    return technique == Technique.VOLUME_GRADIENT_ECHO
        || technique == Technique.PREPARED_GRADIENT_ECHO;
  }

  static Acquisition ct(Draw draw, Phase phase) {
    return of("CT", Sequence.NONE, Technique.NONE, phase, false, 0, 0, 0, 0, 0, 0, draw);
  }

  static Acquisition pet(Draw draw) {
    return of("PT", Sequence.NONE, Technique.NONE, Phase.NATIVE, false, 0, 0, 0, 0, 0, 0, draw);
  }

  private static Acquisition of(
      String modality,
      Sequence sequence,
      Technique technique,
      Phase phase,
      boolean fatSuppressed,
      double repetition,
      double echo,
      double inversion,
      double flip,
      int echoTrain,
      double bValue,
      Draw draw) {
    return new Acquisition(
        modality,
        sequence,
        technique,
        phase,
        fatSuppressed,
        Math.rint(repetition * 10) / 10,
        Math.rint(echo * 100) / 100,
        Math.rint(inversion),
        Math.rint(flip),
        echoTrain,
        bValue,
        draw.of(1.5, 1.5, 3.0),
        draw.of(Vendor.values()));
  }

  static Acquisition mr(Draw draw, Sequence sequence, Target target, Phase phase) {
    boolean head = target == Target.HEAD;
    return switch (sequence) {
      case T1W -> t1(draw, target, phase);
      case T2W -> {
        boolean shot = target.hasLiver() && draw.chance(0.4);
        yield of(
            "MR",
            sequence,
            shot ? Technique.SINGLE_SHOT : Technique.TURBO_SPIN_ECHO,
            phase,
            !head && draw.chance(0.3),
            shot ? draw.uniform(900, 1400) * 2.3 : draw.uniform(3000, 6500),
            draw.uniform(82, 125),
            0,
            draw.uniform(120, 180),
            shot ? 128 : 12 + draw.below(14),
            0,
            draw);
      }
      case PDW ->
          of(
              "MR",
              sequence,
              Technique.TURBO_SPIN_ECHO,
              phase,
              !head && draw.chance(0.5),
              draw.uniform(2300, 4500),
              draw.uniform(11, 34),
              0,
              draw.uniform(140, 180),
              4 + draw.below(6),
              0,
              draw);
      case T2_FLAIR ->
          of(
              "MR",
              sequence,
              Technique.TURBO_SPIN_ECHO,
              phase,
              draw.chance(0.2),
              draw.uniform(8000, 10500),
              draw.uniform(88, 140),
              draw.uniform(2150, 2600),
              180,
              14 + draw.below(10),
              0,
              draw);
      case T1_FLAIR ->
          of(
              "MR",
              sequence,
              Technique.TURBO_SPIN_ECHO,
              phase,
              false,
              draw.uniform(1750, 2600),
              draw.uniform(8, 24),
              draw.uniform(700, 950),
              180,
              5 + draw.below(5),
              0,
              draw);
      case STIR ->
          of(
              "MR",
              sequence,
              Technique.TURBO_SPIN_ECHO,
              phase,
              false,
              draw.uniform(3500, 6500),
              draw.uniform(32, 75),
              draw.uniform(145, 185),
              180,
              8 + draw.below(8),
              0,
              draw);
      case DWI, ADC ->
          of(
              "MR",
              sequence,
              Technique.ECHO_PLANAR,
              phase,
              true,
              draw.uniform(3800, 8500),
              draw.uniform(60, 98),
              0,
              90,
              1,
              head ? 1000 : draw.of(500.0, 600.0, 800.0),
              draw);
      case T2STAR ->
          of(
              "MR",
              sequence,
              Technique.GRADIENT_ECHO,
              phase,
              false,
              draw.uniform(480, 850),
              draw.uniform(14, 27),
              0,
              draw.uniform(15, 25),
              1,
              0,
              draw);
      case NONE -> throw new IllegalArgumentException("MR has a sequence");
    };
  }

  private static Acquisition t1(Draw draw, Target target, Phase phase) {
    if (target == Target.HEAD && draw.chance(0.45)) {
      return of(
          "MR",
          Sequence.T1W,
          Technique.PREPARED_GRADIENT_ECHO,
          phase,
          false,
          draw.uniform(1800, 2400),
          draw.uniform(2, 4.5),
          draw.uniform(880, 1050),
          draw.uniform(8, 12),
          1,
          0,
          draw);
    }
    if (target.hasLiver()
        || target == Target.BREAST
        || target == Target.PELVIS && draw.chance(0.3)) {
      if (draw.chance(0.7)) {
        return of(
            "MR",
            Sequence.T1W,
            Technique.VOLUME_GRADIENT_ECHO,
            phase,
            draw.chance(0.7),
            draw.uniform(3.4, 6),
            draw.uniform(1.2, 2.4),
            0,
            draw.uniform(9, 13),
            1,
            0,
            draw);
      }
      return of(
          "MR",
          Sequence.T1W,
          Technique.GRADIENT_ECHO,
          phase,
          draw.chance(0.3),
          draw.uniform(120, 200),
          draw.uniform(4.2, 4.9),
          0,
          draw.uniform(65, 80),
          1,
          0,
          draw);
    }
    boolean turbo = draw.chance(0.5);
    return of(
        "MR",
        Sequence.T1W,
        turbo ? Technique.TURBO_SPIN_ECHO : Technique.SPIN_ECHO,
        phase,
        draw.chance(phase == Phase.NATIVE ? 0.18 : 0.5), // else fat would tell the phase
        draw.uniform(400, 720),
        draw.uniform(8, 16),
        0,
        turbo ? 150 : 90,
        turbo ? 3 : 1,
        0,
        draw);
  }
}
