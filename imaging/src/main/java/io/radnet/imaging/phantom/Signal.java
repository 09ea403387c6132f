package io.radnet.imaging.phantom;

/**
 * What each tissue shows in an acquisition: HU for CT, SUV for PET, relative signal for MR by the
 * signal equations of the spin echo, inversion recovery and spoiled gradient echo (for instance
 * Bernstein, King and Zhou, Handbook of MRI Pulse Sequences, chapters 11, 14 and 16).
 */
final class Signal {
  private static final double REFERENCE_ENHANCEMENT = 130;

  /** T1 that the agent alone would give to tissue with the reference enhancement, ms. */
  private static final double AGENT_T1 = 380;

  private Signal() {}

  /** One value per tissue, by ordinal. */
  static float[] of(Acquisition acquisition, Patient patient) {
    Draw draw = patient.source().fork(20);
    double strength = patient.source().fork(21).factor(0.15);
    float[] values = new float[Tissue.values().length];
    for (Tissue tissue : Tissue.values()) {
      Draw own = draw.fork(tissue.ordinal());
      double value;
      if (acquisition.ct()) {
        value = hounsfield(tissue, acquisition, own, strength);
      } else if (acquisition.mr()) {
        value = magnetisation(tissue, acquisition, own, strength);
      } else {
        value = tissue.uptake * own.factor(0.15);
      }
      values[tissue.ordinal()] = (float) value;
    }
    return values;
  }

  private static double hounsfield(Tissue tissue, Acquisition a, Draw own, double strength) {
    double spread =
        switch (tissue) {
          case AIR, GAS -> 2;
          case LUNG -> 25;
          case CORTICAL_BONE, SKULL -> 120;
          case MARROW -> 60;
          case LIVER -> 8; // with the fat below
          default -> 4;
        };
    double value = own.normal(tissue.hounsfield, spread);
    if (tissue == Tissue.LIVER && own.chance(0.25)) {
      value -= own.uniform(8, 28); // a fatty liver is as dark as blood or darker
    }
    double added =
        switch (a.phase()) {
          case NATIVE -> 0;
          case ARTERIAL -> tissue.arterial + 0.08 * tissue.portal;
          case PORTAL -> tissue.portal + 0.08 * tissue.arterial;
        };
    return value + strength * own.factor(0.1) * added;
  }

  private static double magnetisation(Tissue tissue, Acquisition a, Draw own, double strength) {
    double longer = a.field() > 2 ? 1.22 : 1; // T1 grows with the field
    double t1 =
        tissue.t1 * own.factor(0.07) * (tissue == Tissue.FAT ? 1 + (longer - 1) / 3 : longer);
    double t2 = tissue.t2 * own.factor(0.08);
    double t2Star = Math.min(t2, tissue.t2Star * own.factor(0.12) / (a.field() > 2 ? 1.4 : 1));
    double density = tissue.protonDensity * own.factor(0.03);
    double diffusion = tissue.diffusion * own.factor(0.08);
    double agent = own.factor(0.1) * strength;
    if (a.enhanced()) {
      double enhancement =
          a.phase() == Acquisition.Phase.ARTERIAL
              ? tissue.arterial * 0.6
              : tissue.portal + 0.1 * tissue.arterial;
      t1 = 1 / (1 / t1 + agent * enhancement / REFERENCE_ENHANCEMENT / AGENT_T1);
    }
    if (a.sequence() == Sequence.ADC) {
      return density < 0.15 ? 0 : diffusion * 1000;
    }
    double kept = a.fatSuppressed() ? 1 - 0.93 * tissue.fatShare() : 1;
    double recovered = StrictMath.exp(-a.repetition() / t1);
    double longitudinal =
        switch (a.technique()) {
          case GRADIENT_ECHO, VOLUME_GRADIENT_ECHO -> {
            double angle = StrictMath.toRadians(a.flip());
            yield StrictMath.sin(angle) * (1 - recovered) / (1 - StrictMath.cos(angle) * recovered);
          }
          case PREPARED_GRADIENT_ECHO ->
              Math.abs(1 - 2 * StrictMath.exp(-a.inversion() / t1) / (1 + recovered));
          default ->
              a.inversion() > 0
                  ? Math.abs(1 - 2 * StrictMath.exp(-a.inversion() / t1) + recovered)
                  : 1 - recovered;
        };
    double decay =
        switch (a.technique()) {
          case GRADIENT_ECHO, VOLUME_GRADIENT_ECHO, PREPARED_GRADIENT_ECHO ->
              StrictMath.exp(-a.echo() / t2Star);
          default -> StrictMath.exp(-a.echo() / t2);
        };
    double restricted = StrictMath.exp(-a.bValue() / 1000 * diffusion);
    return density * kept * longitudinal * decay * restricted;
  }
}
