package io.radnet.imaging.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which exams are done: a shuffled deck that holds every class, dealt again and again, so that
 * small data sets are balanced too.
 */
final class ExamDeck {
  /** One exam: of what, and with which modality and sequence. */
  record Exam(Target target, String modality, Sequence sequence) {}

  private final List<Exam> cards;
  private final Draw draw;
  private final List<Exam> left = new ArrayList<>();

  private ExamDeck(List<Exam> cards, Draw draw) {
    this.cards = cards;
    this.draw = draw;
  }

  /** For {@code --task labels}. */
  static ExamDeck labels(Draw draw) {
    List<Exam> cards = new ArrayList<>();
    mr(
        cards,
        Target.HEAD,
        Sequence.T1W,
        Sequence.T1W,
        Sequence.T2W,
        Sequence.T2W,
        Sequence.PDW,
        Sequence.PDW,
        Sequence.T2_FLAIR,
        Sequence.T2_FLAIR,
        Sequence.T2_FLAIR,
        Sequence.T1_FLAIR,
        Sequence.T1_FLAIR,
        Sequence.T1_FLAIR,
        Sequence.DWI,
        Sequence.DWI,
        Sequence.ADC,
        Sequence.ADC,
        Sequence.T2STAR,
        Sequence.T2STAR);
    mr(cards, Target.NECK, Sequence.T1W, Sequence.T2W, Sequence.STIR);
    mr(cards, Target.SPINE_CERVICAL, Sequence.T2W, Sequence.STIR);
    mr(cards, Target.SPINE_THORACIC, Sequence.T1W, Sequence.T2W);
    mr(cards, Target.SPINE_LUMBAR, Sequence.T1W, Sequence.T2W, Sequence.STIR);
    mr(
        cards,
        Target.ABDOMEN,
        Sequence.T1W,
        Sequence.T1W,
        Sequence.T2W,
        Sequence.T2W,
        Sequence.DWI,
        Sequence.ADC,
        Sequence.T2STAR);
    mr(cards, Target.PELVIS, Sequence.T1W, Sequence.T2W, Sequence.DWI);
    mr(cards, Target.BREAST, Sequence.T1W, Sequence.T1W, Sequence.T2W, Sequence.STIR);
    mr(cards, Target.KNEE, Sequence.PDW, Sequence.PDW, Sequence.T1W, Sequence.STIR);
    mr(cards, Target.THIGH, Sequence.T1W, Sequence.STIR);
    mr(cards, Target.CALF, Sequence.T2W);
    for (Target target :
        List.of(
            Target.HEAD,
            Target.HEAD,
            Target.NECK,
            Target.NECK,
            Target.CHEST,
            Target.CHEST,
            Target.CHEST,
            Target.ABDOMEN,
            Target.ABDOMEN,
            Target.PELVIS,
            Target.ABDOMEN_PELVIS,
            Target.ABDOMEN_PELVIS,
            Target.TRUNK,
            Target.KNEE,
            Target.SPINE_LUMBAR)) {
      cards.add(new Exam(target, "CT", Sequence.NONE));
    }
    for (Target target :
        List.of(
            Target.HEAD,
            Target.HEAD,
            Target.TRUNK,
            Target.TRUNK,
            Target.TRUNK,
            Target.CHEST,
            Target.NECK)) {
      cards.add(new Exam(target, "PT", Sequence.NONE));
    }
    return new ExamDeck(List.copyOf(cards), draw);
  }

  /** For {@code --task liver}: abdomens only. */
  static ExamDeck liver(Draw draw) {
    List<Exam> cards = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      cards.add(new Exam(Target.ABDOMEN, "CT", Sequence.NONE));
    }
    mr(cards, Target.ABDOMEN, Sequence.T1W, Sequence.T1W, Sequence.T2W, Sequence.T2W);
    return new ExamDeck(List.copyOf(cards), draw);
  }

  /** The cards of these modalities alone. */
  ExamDeck of(Set<String> modalities) {
    return new ExamDeck(
        cards.stream().filter(card -> modalities.contains(card.modality())).toList(), draw);
  }

  private static void mr(List<Exam> cards, Target target, Sequence... sequences) {
    for (Sequence sequence : sequences) {
      cards.add(new Exam(target, "MR", sequence));
    }
  }

  Exam deal() {
    if (left.isEmpty()) {
      left.addAll(cards);
    }
    return left.remove(draw.below(left.size()));
  }
}
