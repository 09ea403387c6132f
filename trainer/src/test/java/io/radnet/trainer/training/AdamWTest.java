package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.initializer.Initializer;
import java.util.Map;
import java.util.Random;
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

  /** One pass in Java's memory does what the engine's many do. */
  @Test
  void momentsOnTheHostStepAsThoseOfTheEngineDo() {
    Shape shape = new Shape(3, 5, 7, 11, 3);
    Random random = new Random(1);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray onHost = manager.create(normal(random, shape), shape);
      NDArray onDevice = onHost.duplicate();
      onHost.setRequiresGradient(true);
      onDevice.setRequiresGradient(true);
      Moments host = new HostMoments(Math.toIntExact(shape.size()));
      Moments device = new DeviceMoments(manager, shape);
      for (int step = 1; step <= 5; step++) {
        Moments.Update update = Moments.Update.of(step, 0.01f, 0.05f, 0.5f);
        NDArray factors = manager.create(normal(random, shape), shape);
        NDArray before = learn(onHost, factors);
        NDArray same = learn(onDevice, factors);
        assertThat(host.squares(before)).isCloseTo(device.squares(same), withinPercentage(1e-3));
        host.update(onHost, before, update);
        device.update(onDevice, same, update);
        assertThat(onHost.getGradient().abs().sum().getFloat()).isZero();
        assertThat(onHost.toFloatArray()).containsExactly(onDevice.toFloatArray(), within(1e-6f));
      }
      assertThat(host.mean()).containsExactly(device.mean(), within(1e-6f));
      assertThat(host.variance()).containsExactly(device.variance(), within(1e-6f));

      Moments restored = new HostMoments(host.mean().length);
      restored.restore(host.mean(), host.variance());
      assertThat(restored.mean()).isEqualTo(host.mean());
      assertThat(restored.variance()).isEqualTo(host.variance());
    }
  }

  private static NDArray learn(NDArray weight, NDArray factors) {
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      collector.backward(weight.square().mul(factors).sum());
    }
    return weight.getGradient();
  }

  private static float[] normal(Random random, Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
