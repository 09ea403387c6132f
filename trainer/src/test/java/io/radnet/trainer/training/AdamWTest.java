package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.initializer.Initializer;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdamWTest {
  @Test
  void aGradientThatIsNoNumberChangesNothingAndIsForgotten() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Parameter weight =
          Parameter.builder().setName("weight").setType(Parameter.Type.WEIGHT).build();
      weight.setShape(new Shape(2));
      weight.setInitializer(Initializer.ONES);
      weight.initialize(manager, DataType.FLOAT32);
      try (AdamW adam = new AdamW(Map.of("weight", weight), manager, 0)) {
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
          NDArray infinite = manager.create(new float[] {Float.POSITIVE_INFINITY, 1});
          collector.backward(weight.getArray().mul(infinite).sum());
        }
        assertThat(adam.step(path -> 0.1, 1)).isInfinite();
        assertThat(weight.getArray().toFloatArray()).containsExactly(1, 1);

        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
          collector.backward(weight.getArray().mul(manager.create(new float[] {3, 4})).sum());
        }
        assertThat(adam.step(path -> 0.1, 1)).isEqualTo(5);
        // The first step of Adam has the size of the rate, whatever the gradient's.
        for (float value : weight.getArray().toFloatArray()) {
          assertThat(value).isBetween(0.899f, 0.901f);
        }
      }
    }
  }
}
