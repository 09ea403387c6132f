package io.radnet.server.scan;

import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.proto.v1.ClassProbability;
import io.radnet.proto.v1.HeadResult;
import io.radnet.server.model.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The logits of each head as answers. */
final class HeadAnswers {
  private static final double LIKELY = 0.5;
  private static final String LOG_MILLIMETRES = "log_mm";

  private HeadAnswers() {}

  /**
   * @param spacingFactor the input's slice spacing in slice spacings of the scan
   */
  static List<HeadResult> of(Recipe recipe, Map<String, Tensor> outputs, double spacingFactor) {
    List<HeadResult> results = new ArrayList<>();
    for (Head head : recipe.heads()) {
      Tensor tensor = outputs.get(head.name());
      if (tensor == null) {
        throw new IllegalStateException("the network gave no output " + head.name());
      }
      FloatBuffer values = tensor.floats();
      double[] logits = new double[values.remaining()];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = values.get(i);
      }
      if (logits.length != head.classes().size()) {
        throw new IllegalStateException(
            "head "
                + head.name()
                + ": "
                + logits.length
                + " logits (expected: "
                + head.classes().size()
                + ")");
      }
      results.add(answer(head, logits, spacingFactor));
    }
    return results;
  }

  private static HeadResult answer(Head head, double[] logits, double spacingFactor) {
    HeadResult.Builder result = HeadResult.newBuilder().setName(head.name());
    switch (head.activation()) {
      case SOFTMAX -> {
        double[] probabilities = softmax(logits);
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
          best = logits[i] > logits[best] ? i : best;
          result.addProbabilities(probability(head, i, probabilities[i]));
        }
        result.addAnswers(head.classes().get(best));
      }
      case SIGMOID -> {
        for (int i = 0; i < logits.length; i++) {
          double probability = 1 / (1 + Math.exp(-logits[i]));
          result.addProbabilities(probability(head, i, probability));
          if (probability >= LIKELY) {
            result.addAnswers(head.classes().get(i));
          }
        }
      }
      case LINEAR -> {
        boolean log = head.classes().get(0).equals(LOG_MILLIMETRES);
        result
            .setValue(log ? Math.exp(logits[0]) / spacingFactor : logits[0])
            .setUnit(log ? "mm" : head.classes().get(0));
      }
    }
    return result.build();
  }

  private static ClassProbability probability(Head head, int index, double probability) {
    return ClassProbability.newBuilder()
        .setName(head.classes().get(index))
        .setProbability((float) probability)
        .build();
  }

  private static double[] softmax(double[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    double[] probabilities = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp(logits[i] - largest);
      sum += probabilities[i];
    }
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }
}
