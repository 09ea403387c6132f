package io.radnet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statistics that batch normalisation keeps for later. */
final class BatchNormTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0.5", "4, 0.8", "9, 0.9", "100, 0.9", "500, 0.98", "1000, 0.99"})
  void longRunsRememberMoreBatches(long step, float momentum) {
    assertThat(BatchNorm.momentumAt(step)).isCloseTo(momentum, within(1e-6f));
    assertThat(BatchNorm.momentumAt(step + 1_000_000)).isCloseTo(0.99f, within(1e-6f));
  }

  @Test
  void nothingStaysOfWhatWasThereBeforeTheFirstBatches() {
    BatchNorm norm = new BatchNorm();
    try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu(), "PyTorch")) {
      norm.initialize(manager, DataType.FLOAT32, new Shape(2, 1, 2, 2, 2));
      norm.runningMean().getArray().set(new float[] {1e6f});
      ParameterStore store = new ParameterStore(manager, false);
      for (int step = 0; step < 4; step++) {
        BatchNorm.at(norm, step);
        norm.forward(store, new NDList(manager.full(new Shape(2, 1, 2, 2, 2), (float) step)), true);
      }
      assertThat(norm.runningMean().getArray().getFloat()).isCloseTo(1.5f, within(1e-5f));
    }
  }
}
