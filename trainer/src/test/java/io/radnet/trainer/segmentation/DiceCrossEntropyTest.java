package io.radnet.trainer.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.Garbage;
import org.junit.jupiter.api.Test;

class DiceCrossEntropyTest {
  /** Two voxels, background and liver, at probabilities 3/4 and 1/4 for the right class. */
  private static final float[] LOGITS = {(float) Math.log(3), (float) Math.log(3), 0, 0};

  private static final byte[] LABELS = {0, 1};

  private record Evaluated(float loss, float[] gradient) {}

  private static Evaluated evaluate(Runnable between) {
    try (NDManager manager = NDManager.newBaseManager(Devices.CPU.choose(), Devices.ENGINE);
        GradientCollector collector = Engine.getEngine(Devices.ENGINE).newGradientCollector()) {
      NDArray logits = manager.create(LOGITS, new Shape(1, 2, 1, 1, 2));
      logits.setRequiresGradient(true);
      NDArray loss = DiceCrossEntropy.evaluate(logits, LABELS);
      between.run();
      collector.backward(loss);
      return new Evaluated(loss.getFloat(), logits.getGradient().toFloatArray());
    }
  }

  @Test
  void addsTheMeanCrossEntropyAndOneLessTheDiceOfTheForeground() {
    double crossEntropy = -(Math.log(0.75) + Math.log(0.25)) / 2;
    double dice = (2 * 0.25 + 1) / (0.25 + 0.25 + 1 + 1);
    assertThat(evaluate(() -> {}).loss())
        .isCloseTo((float) (crossEntropy + 1 - dice), within(1e-5f));
  }

  @Test
  void keepsItsGradientWhenGarbageIsCollectedBeforeTheBackwardPass() {
    float[] expected = evaluate(() -> {}).gradient();

    assertThat(evaluate(Garbage::collect).gradient()).isEqualTo(expected);
  }
}
