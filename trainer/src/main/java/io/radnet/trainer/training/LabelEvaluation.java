package io.radnet.trainer.training;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.PlaneReduction;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * A label network's answers for series.
 *
 * @param recipe with the heads
 * @param samples the series
 * @param logits per series and head
 */
public record LabelEvaluation(Recipe recipe, List<Sample> samples, List<float[][]> logits) {
  private static final int BATCH = 8;

  /** Before the name of a class that is not there. */
  private static final String ABSENT = "no ";

  /** Copies the lists. */
  public LabelEvaluation {
    samples = List.copyOf(samples);
    logits = List.copyOf(logits);
  }

  /** Runs a checkpoint over series. */
  public static LabelEvaluation of(
      Checkpoint checkpoint, List<Sample> samples, Devices device, int threads)
      throws InterruptedException {
    try (NDManager manager = NDManager.newBaseManager(device.choose(), Devices.ENGINE)) {
      return new LabelEvaluation(
          checkpoint.recipe(),
          samples,
          Predictions.logits(
              checkpoint.load(manager).network(),
              manager,
              PlaneReduction.none(checkpoint.recipe().grid()),
              samples,
              BATCH,
              threads));
    }
  }

  /** How well the answers match what is known. */
  public HeadScores scores() {
    return Predictions.scores(recipe, samples, logits);
  }

  /**
   * An answer where the label is known.
   *
   * @param sample index in {@link #samples}
   * @param label what the header says
   * @param value what the network answers
   * @param probability of the answer, by the network
   * @param denial one less the network's probability of the label
   */
  public record Answer(int sample, String label, String value, double probability, double denial) {
    /** Whether both are the same. */
    public boolean right() {
      return label.equals(value);
    }
  }

  /**
   * The answers of a softmax or sigmoid head where the label is known; of a sigmoid head one per
   * class, {@code liver} or {@code no liver}. A linear head has none.
   */
  public List<Answer> answers(String headName) {
    List<Answer> answers = new ArrayList<>();
    for (int h = 0; h < recipe.heads().size(); h++) {
      Head head = recipe.heads().get(h);
      if (!head.name().equals(headName) || head.activation() == Head.Activation.LINEAR) {
        continue;
      }
      for (int i = 0; i < samples.size(); i++) {
        Target target = samples.get(i).target();
        float[] values = logits.get(i)[h];
        if (!target.known()[h]) {
          continue;
        }
        if (head.activation() == Head.Activation.SOFTMAX) {
          int answer = HeadScores.largest(values);
          answers.add(
              new Answer(
                  i,
                  head.classes().get(target.classOf(h)),
                  head.classes().get(answer),
                  softmax(values, answer),
                  1 - softmax(values, target.classOf(h))));
          continue;
        }
        for (int c = 0; c < values.length; c++) {
          if (!target.stated()[h][c]) {
            continue; // the header does not say
          }
          String name = head.classes().get(c);
          double present = 1 / (1 + Math.exp(-values[c]));
          boolean named = target.values()[h][c] > 0.5f;
          answers.add(
              new Answer(
                  i,
                  named ? name : ABSENT + name,
                  values[c] > 0 ? name : ABSENT + name,
                  Math.max(present, 1 - present),
                  named ? 1 - present : present));
        }
      }
    }
    return answers;
  }

  /**
   * A series whose pixels contradict its header.
   *
   * @param series its path, which several series share where they lie in one folder
   * @param seriesUid as the label row has it; empty where there is none
   * @param head which label
   * @param header the header's value
   * @param pixels the network's value
   * @param confidence one less the network's probability of the header's value: a network that
   *     wavers between two sequences can still be sure that it is not the third, which the header
   *     names
   */
  public record Disagreement(
      String series,
      @JsonProperty("series_uid") @JsonInclude(JsonInclude.Include.NON_EMPTY) String seriesUid,
      String head,
      String header,
      String pixels,
      double confidence) {}

  /**
   * Where the network is sure that the header's value is wrong, most confident first. A region
   * counts only where the header names it and the pixels deny it.
   *
   * @param leastConfidence {@link Disagreement#confidence} from which the network counts as sure
   */
  public List<Disagreement> disagreements(double leastConfidence) {
    List<Disagreement> found = new ArrayList<>();
    for (Head head : recipe.heads()) { // a spacing is measured from positions; pixels estimate it
      for (Answer answer : answers(head.name())) {
        // A header that does not name a region does not deny it: "abdomen" may show the liver.
        boolean silent =
            head.activation() == Head.Activation.SIGMOID && answer.label().startsWith(ABSENT);
        if (!answer.right() && !silent && answer.denial() >= leastConfidence) {
          found.add(
              new Disagreement(
                  samples.get(answer.sample()).name(),
                  samples.get(answer.sample()).seriesUid(),
                  head.name(),
                  answer.label(),
                  answer.value(),
                  answer.denial()));
        }
      }
    }
    found.sort(
        java.util.Comparator.comparingDouble(Disagreement::confidence)
            .reversed()
            .thenComparing(Disagreement::series)
            .thenComparing(Disagreement::seriesUid));
    return found;
  }

  static double softmax(float[] values, int index) {
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - values[index]);
    }
    return 1 / sum;
  }

  /** One line for each class that validation or test has and training has not. */
  public static List<String> unlearnable(Recipe recipe, LabelDataSet data) {
    HeadBalance train = balance(recipe, data.train());
    List<Sample> held = new ArrayList<>(data.validation());
    held.addAll(data.test());
    HeadBalance rest = balance(recipe, held);
    List<String> lines = new ArrayList<>();
    for (int h = 0; h < recipe.heads().size(); h++) {
      Head head = recipe.heads().get(h);
      for (int c = 0; c < head.classes().size(); c++) {
        if (head.activation() != Head.Activation.LINEAR
            && train.count(h, c) == 0
            && rest.count(h, c) > 0) {
          lines.add(
              "warning: "
                  + head.name()
                  + " "
                  + head.classes().get(c)
                  + ": in "
                  + rest.count(h, c)
                  + " held-out series but in no training series; it cannot be learned");
        }
      }
    }
    return lines;
  }

  private static HeadBalance balance(Recipe recipe, List<Sample> samples) {
    return new HeadBalance(recipe.heads(), samples.stream().map(Sample::target).toList());
  }
}
