package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import org.junit.jupiter.api.Test;

final class StepGuardTest {
  private final StepGuard guard = new StepGuard();

  @Test
  void aSingleGradientThatIsNoNumberIsLeftOut() {
    for (int step = 0; step < 20; step++) {
      guard.check(1, step % 4 == 0 ? Double.POSITIVE_INFINITY : 2, "step " + step);
    }
    assertThat(guard.skipped()).isEqualTo(5);
  }

  @Test
  void manyInARowEndTheRun() {
    for (int step = 1; step < 5; step++) {
      guard.check(1, Double.NaN, "step " + step);
    }
    assertThatThrownBy(() -> guard.check(1, Double.NaN, "step 5"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("gradient norm NaN at step 5")
        .hasMessageContaining("--learning-rate");
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunAtOnce() {
    assertThatThrownBy(() -> guard.check(Double.NaN, Double.NaN, "epoch 1, step 7"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("loss NaN")
        .hasMessageContaining("epoch 1, step 7");
  }
}
