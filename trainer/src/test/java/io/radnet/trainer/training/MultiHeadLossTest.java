package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.imaging.transform.Recipe.Head.Activation;
import io.radnet.trainer.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultiHeadLossTest {
  private static final List<Head> HEADS =
      List.of(
          new Head("view", Activation.SOFTMAX, List.of("axial", "coronal")),
          new Head("regions", Activation.SIGMOID, List.of("head", "neck")),
          new Head("spacing", Activation.LINEAR, List.of("log_mm")));

  /** Two series; the second one's regions are unknown. */
  private static final List<Target> TARGETS =
      List.of(
          new Target(new float[][] {{1, 0}, {1, 0}, {0}}, new boolean[] {true, true, true}),
          new Target(new float[][] {{0, 1}, {0, 0}, {1}}, new boolean[] {true, false, true}));

  private static final float[][] LOGITS = {{2, 0, 0, 1}, {0.5f, -1, 9, -9}, {0.1f, 2}};

  private record Evaluated(float[] parts, List<float[]> gradients) {}

  /** The loss with its gradients; {@code between} runs after the forward pass. */
  private static Evaluated evaluate(Runnable between) {
    return evaluate(HeadWeights.EQUAL, between);
  }

  private static Evaluated evaluate(HeadWeights weights, Runnable between) {
    MultiHeadLoss loss = new MultiHeadLoss(HEADS, new HeadBalance(HEADS, TARGETS), weights);
    try (NDManager manager = NDManager.newBaseManager(Devices.CPU.choose(), Devices.ENGINE);
        GradientCollector collector = Engine.getEngine(Devices.ENGINE).newGradientCollector()) {
      NDList outputs = new NDList(manager.zeros(new Shape(2, 1)));
      for (float[] logits : LOGITS) {
        NDArray array = manager.create(logits, new Shape(2, logits.length / 2));
        array.setRequiresGradient(true);
        outputs.add(array);
      }
      NDList parts = loss.evaluate(outputs, TARGETS, loss.totals(TARGETS));
      between.run();
      collector.backward(parts.get(0));
      float[] values = new float[parts.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = parts.get(i).getFloat();
      }
      List<float[]> gradients = new ArrayList<>();
      outputs.subNDList(1).forEach(array -> gradients.add(array.getGradient().toFloatArray()));
      return new Evaluated(values, gradients);
    }
  }

  @Test
  void sumsTheHeadsAndLeavesUnknownLabelsOut() {
    float[] parts = evaluate(() -> {}).parts();

    double view = (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-1))) / 2;
    double regions = (Math.log1p(Math.exp(-0.5)) + Math.log1p(Math.exp(-1))) / 2;
    double spacing = (0.1 * 0.1 / 0.2 + (1 - 0.05)) / 2;
    assertThat(parts[1]).isCloseTo((float) view, within(1e-5f));
    assertThat(parts[2]).isCloseTo((float) regions, within(1e-5f));
    assertThat(parts[3]).isCloseTo((float) spacing, within(1e-5f));
    assertThat(parts[0]).isCloseTo((float) (view + regions + spacing), within(1e-5f));
  }

  @Test
  void weighsHeadsInTheSumAndInTheirGradientsOnly() {
    Evaluated equal = evaluate(() -> {});
    Evaluated weighted = evaluate(new HeadWeights(Map.of("spacing", 5.0, "view", 0.0)), () -> {});

    assertThat(weighted.parts()[0])
        .isCloseTo(equal.parts()[2] + 5 * equal.parts()[3], within(1e-5f));
    for (int head = 1; head <= 3; head++) {
      assertThat(weighted.parts()[head]).isEqualTo(equal.parts()[head]);
    }
    assertThat(weighted.gradients().get(0)).containsOnly(0);
    assertThat(weighted.gradients().get(1)).containsExactly(equal.gradients().get(1));
    float[] spacing = equal.gradients().get(2);
    assertThat(weighted.gradients().get(2))
        .containsExactly(new float[] {5 * spacing[0], 5 * spacing[1]}, within(1e-5f));
  }

  /**
   * Three series of unlike classes, and with them unlike weights; only one knows its regions. Parts
   * of one series, of two and one, and of all.
   */
  @Test
  void theLossesOfPartsAddUpToThatOfTheBatch() {
    List<Target> targets = new ArrayList<>(TARGETS);
    targets.add(new Target(new float[][] {{1, 0}, {0, 0}, {2}}, new boolean[] {true, false, true}));
    float[][] logits = {{2, 0, 0, 1, -1, 3}, {0.5f, -1, 9, -9, 1, 1}, {0.1f, 2, 0.7f}};
    MultiHeadLoss loss =
        new MultiHeadLoss(HEADS, new HeadBalance(HEADS, targets), HeadWeights.EQUAL);

    Evaluated whole = inParts(loss, targets, logits, List.of(3));
    for (List<Integer> sizes : List.of(List.of(1, 1, 1), List.of(2, 1))) {
      Evaluated parts = inParts(loss, targets, logits, sizes);
      assertThat(parts.parts()).containsExactly(whole.parts(), within(1e-6f));
      for (int head = 0; head < HEADS.size(); head++) {
        assertThat(parts.gradients().get(head))
            .containsExactly(whole.gradients().get(head), within(1e-6f));
      }
    }
  }

  /** Sums and gradients of parts of these sizes, which follow each other. */
  private static Evaluated inParts(
      MultiHeadLoss loss, List<Target> targets, float[][] logits, List<Integer> sizes) {
    float[] sums = new float[1 + HEADS.size()];
    List<float[]> gradients = new ArrayList<>();
    for (float[] values : logits) {
      gradients.add(new float[values.length]);
    }
    int from = 0;
    for (int size : sizes) {
      try (NDManager manager = NDManager.newBaseManager(Devices.CPU.choose(), Devices.ENGINE);
          GradientCollector collector = Engine.getEngine(Devices.ENGINE).newGradientCollector()) {
        NDList outputs = new NDList(manager.zeros(new Shape(size, 1)));
        for (float[] values : logits) {
          int classes = values.length / targets.size();
          NDArray array =
              manager.create(
                  Arrays.copyOfRange(values, from * classes, (from + size) * classes),
                  new Shape(size, classes));
          array.setRequiresGradient(true);
          outputs.add(array);
        }
        NDList parts =
            loss.evaluate(outputs, targets.subList(from, from + size), loss.totals(targets));
        collector.backward(parts.get(0));
        for (int i = 0; i < sums.length; i++) {
          sums[i] += parts.get(i).getFloat();
        }
        for (int head = 0; head < logits.length; head++) {
          float[] own = outputs.get(1 + head).getGradient().toFloatArray();
          System.arraycopy(own, 0, gradients.get(head), from * own.length / size, own.length);
        }
      }
      from += size;
    }
    return new Evaluated(sums, gradients);
  }

  /**
   * Nine of ten series are axial and the pixels tell nothing: the loss is least where the answer is
   * nine tenths, although the rare class has the larger weight.
   */
  @Test
  void theAnswerIsTheFrequencyAndNotTheWeightedOne() {
    List<Target> targets = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      float[] view = n == 0 ? new float[] {0, 1} : new float[] {1, 0};
      targets.add(new Target(new float[][] {view, {0, 0}, {0}}, new boolean[] {true, true, true}));
    }
    HeadBalance balance = new HeadBalance(HEADS, targets);
    assertThat(balance.weight(0, 1, true)).isGreaterThan(2 * balance.weight(0, 0, true));
    MultiHeadLoss loss = new MultiHeadLoss(HEADS, balance, HeadWeights.EQUAL);
    float[] view = new float[20];
    for (int n = 0; n < 10; n++) {
      view[2 * n] = (float) Math.log(9);
    }
    Evaluated at =
        inParts(loss, targets, new float[][] {view, new float[20], new float[10]}, List.of(10));
    float slope = 0;
    for (int n = 0; n < 10; n++) {
      slope += at.gradients().get(0)[2 * n];
    }
    assertThat(slope).isCloseTo(0, within(1e-6f));
  }

  @Test
  void refusesWeightsThatFitNoHead() {
    HeadBalance balance = new HeadBalance(HEADS, TARGETS);

    assertThatThrownBy(
            () -> new MultiHeadLoss(HEADS, balance, new HeadWeights(Map.of("agent", 2.0))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("weight of head agent: no such head (expected: view, regions, spacing)");
    assertThatThrownBy(() -> new HeadWeights(Map.of("view", -1.0)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("-1.0 (expected: a number >= 0)");
    assertThatThrownBy(
            () ->
                new MultiHeadLoss(
                    HEADS,
                    balance,
                    new HeadWeights(Map.of("view", 0.0, "regions", 0.0, "spacing", 0.0))))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void keepsItsGradientsWhenGarbageIsCollectedBeforeTheBackwardPass() {
    List<float[]> expected = evaluate(() -> {}).gradients();
    List<float[]> actual = evaluate(Garbage::collect).gradients();

    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }
}
