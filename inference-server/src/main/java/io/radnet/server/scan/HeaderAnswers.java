package io.radnet.server.scan;

import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.proto.v1.ClassProbability;
import io.radnet.proto.v1.Disagreement;
import io.radnet.proto.v1.HeadResult;
import io.radnet.proto.v1.HeaderLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the DICOM headers of a scan say, and where the network is sure of something else. */
final class HeaderAnswers {
  /**
   * The network is sure where it gives the header's value at most one less this; {@code radnet
   * evaluate} has the same.
   */
  static final double SURE = 0.9;

  private static final String UNKNOWN = "unknown";

  private HeaderAnswers() {}

  /** All that is known. */
  static List<HeaderLabel> of(SeriesLabels labels) {
    List<HeaderLabel> answers = new ArrayList<>();
    add(answers, labels, "modality", values(labels.modality()));
    add(answers, labels, "sequence", values(labels.sequence()));
    add(answers, labels, "fat_suppressed", values(labels.fatSuppressed()));
    add(answers, labels, "view", values(labels.view()));
    add(answers, labels, "contrast", values(labels.contrast()));
    add(answers, labels, "regions", labels.regions());
    Double spacing = labels.spacingMm();
    if (spacing != null) {
      add(answers, labels, "spacing", List.of(String.format(Locale.ROOT, "%.4g mm", spacing)));
    }
    String rejected = labels.rejected();
    if (rejected != null) {
      answers.add(
          HeaderLabel.newBuilder()
              .setFamily("rejected")
              .addValues(rejected)
              .setConfidence(confidence(labels, "gate"))
              .build());
    }
    return answers;
  }

  private static List<String> values(String value) {
    return value.equals(UNKNOWN) ? List.of() : List.of(value);
  }

  private static void add(
      List<HeaderLabel> answers, SeriesLabels labels, String family, List<String> values) {
    if (!values.isEmpty()) {
      answers.add(
          HeaderLabel.newBuilder()
              .setFamily(family)
              .addAllValues(values)
              .setConfidence(confidence(labels, family))
              .build());
    }
  }

  private static double confidence(SeriesLabels labels, String family) {
    SeriesLabels.Evidence evidence = labels.evidence().get(family);
    return evidence == null ? 0 : evidence.confidence();
  }

  /**
   * Contradictions. A header's value that the network has no class for says nothing, nor does a
   * head that estimates a number. A region that the header does not name is not denied by it:
   * "abdomen" may show the liver.
   */
  static List<Disagreement> disagreements(
      SeriesLabels labels, Recipe recipe, List<HeadResult> heads) {
    List<Disagreement> found = new ArrayList<>();
    List<HeaderLabel> headers = of(labels);
    for (int h = 0; h < heads.size(); h++) {
      Head head = recipe.heads().get(h);
      Optional<HeaderLabel> header =
          headers.stream().filter(label -> label.getFamily().equals(head.name())).findFirst();
      if (header.isEmpty()) {
        continue;
      }
      switch (head.activation()) {
        case SOFTMAX -> one(head, heads.get(h), header.get(), found);
        case SIGMOID -> several(head, heads.get(h), header.get(), found);
        case LINEAR -> {
          // the headers measure what the pixels only estimate
        }
      }
    }
    return found;
  }

  private static void one(
      Head head, HeadResult pixels, HeaderLabel header, List<Disagreement> found) {
    String said = header.getValues(0);
    String seen = pixels.getAnswers(0);
    double denied = 1 - probability(pixels, said);
    if (head.classes().contains(said) && !said.equals(seen) && denied >= SURE) {
      found.add(disagreement(head, said, header.getConfidence(), seen, denied));
    }
  }

  private static void several(
      Head head, HeadResult pixels, HeaderLabel header, List<Disagreement> found) {
    for (String name : head.classes()) {
      double denied = 1 - probability(pixels, name);
      if (header.getValuesList().contains(name) && denied >= SURE) {
        found.add(disagreement(head, name, header.getConfidence(), "no " + name, denied));
      }
    }
  }

  private static double probability(HeadResult pixels, String name) {
    return pixels.getProbabilitiesList().stream()
        .filter(each -> each.getName().equals(name))
        .mapToDouble(ClassProbability::getProbability)
        .findFirst()
        .orElse(0);
  }

  private static Disagreement disagreement(
      Head head, String header, double headerConfidence, String pixels, double confidence) {
    return Disagreement.newBuilder()
        .setFamily(head.name())
        .setHeader(header)
        .setHeaderConfidence(headerConfidence)
        .setPixels(pixels)
        .setPixelsConfidence(confidence)
        .build();
  }
}
