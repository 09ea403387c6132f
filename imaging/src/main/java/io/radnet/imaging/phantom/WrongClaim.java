package io.radnet.imaging.phantom;

import java.util.List;

/**
 * A header that lies: what is really there and what it says instead.
 *
 * @param family sequence, contrast or regions
 * @param real the true label
 * @param claimed what the header says
 * @param claim the plan as the header describes it
 */
record WrongClaim(String family, String real, String claimed, SeriesPlan claim) {
  /** Draws a lie that the modality can tell. */
  static WrongClaim draw(SeriesPlan plan, Draw draw) {
    Acquisition acquisition = plan.acquisition();
    boolean canEnhance =
        acquisition.canEnhance()
            && !(acquisition.ct() && (plan.target().limb() || plan.target().spine()));
    double pick = draw.uniform();
    if (acquisition.mr() && pick < 0.55) {
      return sequence(plan, draw);
    }
    return canEnhance && pick < 0.75 ? contrast(plan) : regions(plan, draw);
  }

  private static WrongClaim sequence(SeriesPlan plan, Draw draw) {
    Sequence other;
    do {
      other = Sequence.values()[draw.below(Sequence.values().length - 1)];
    } while (other == plan.acquisition().sequence());
    Acquisition claimed = Acquisition.mr(draw, other, plan.target(), plan.acquisition().phase());
    return new WrongClaim(
        "sequence",
        plan.acquisition().sequence().label,
        other.label,
        with(plan, plan.target(), claimed));
  }

  private static WrongClaim contrast(SeriesPlan plan) {
    Acquisition a = plan.acquisition();
    Acquisition.Phase other = a.enhanced() ? Acquisition.Phase.NATIVE : Acquisition.Phase.PORTAL;
    Acquisition claimed =
        new Acquisition(
            a.modality(),
            a.sequence(),
            a.technique(),
            other,
            a.fatSuppressed(),
            a.repetition(),
            a.echo(),
            a.inversion(),
            a.flip(),
            a.echoTrain(),
            a.bValue(),
            a.field(),
            a.vendor());
    return new WrongClaim(
        "contrast",
        a.enhanced() ? "iv" : "none",
        a.enhanced() ? "none" : "iv",
        with(plan, plan.target(), claimed));
  }

  private static WrongClaim regions(SeriesPlan plan, Draw draw) {
    List<Target> far =
        switch (plan.target()) {
          case HEAD -> List.of(Target.ABDOMEN, Target.KNEE, Target.PELVIS);
          case NECK, SPINE_CERVICAL -> List.of(Target.PELVIS, Target.KNEE);
          case CHEST, BREAST, SPINE_THORACIC -> List.of(Target.HEAD, Target.PELVIS, Target.KNEE);
          case ABDOMEN, SPINE_LUMBAR -> List.of(Target.HEAD, Target.CHEST, Target.KNEE);
          case PELVIS, ABDOMEN_PELVIS, TRUNK -> List.of(Target.HEAD, Target.NECK, Target.KNEE);
          case KNEE, THIGH, CALF -> List.of(Target.HEAD, Target.ABDOMEN, Target.CHEST);
        };
    Target other = draw.of(far);
    String claimed =
        other == Target.HEAD
            ? "brain,head"
            : other == Target.KNEE ? "extremity" : other.name().toLowerCase(java.util.Locale.ROOT);
    return new WrongClaim(
        "regions",
        String.join(",", plan.regions()),
        claimed,
        with(plan, other, plan.acquisition()));
  }

  private static SeriesPlan with(SeriesPlan plan, Target target, Acquisition acquisition) {
    return new SeriesPlan(
        plan.patient(),
        plan.number(),
        target,
        acquisition,
        plan.view(),
        plan.geometry(),
        plan.thickness(),
        plan.tiltDegrees(),
        plan.oblique(),
        plan.regions(),
        plan.descending(),
        plan.samples(),
        plan.source());
  }
}
