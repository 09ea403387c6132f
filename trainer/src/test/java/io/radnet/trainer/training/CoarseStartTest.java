package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.InvalidInputException;
import org.junit.jupiter.api.Test;

final class CoarseStartTest {
  private final CoarseStart start = new CoarseStart(0.8);

  @Test
  void coversTheFirstEpochs() {
    assertThat(start.epochs(5)).isEqualTo(4);
    assertThat(start.epochs(1)).isZero();
    assertThat(start.covers(4, 5, 0)).isTrue();
    assertThat(start.covers(5, 5, 0)).isFalse();
    assertThat(CoarseStart.NONE.covers(1, 5, 0)).isFalse();
  }

  @Test
  void endsAtItsShareOfTheTime() {
    assertThat(start.covers(2, 40, 0.49)).isTrue();
    assertThat(start.covers(2, 40, 0.51)).isFalse();
  }

  @Test
  void progressIsTheShareOfTheWork() {
    assertThat(start.progress(0, 10, 5)).isZero();
    assertThat(start.progress(40, 10, 5)).isEqualTo(0.5, within(1e-12));
    assertThat(start.progress(45, 10, 5)).isEqualTo(0.75, within(1e-12));
    assertThat(start.progress(50, 10, 5)).isEqualTo(1);
    assertThat(CoarseStart.NONE.progress(5, 10, 5)).isEqualTo(0.1, within(1e-12));
  }

  @Test
  void refusesOtherShares() {
    assertThatThrownBy(() -> new CoarseStart(1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--coarse");
    assertThatThrownBy(() -> new CoarseStart(Double.NaN)).isInstanceOf(InvalidInputException.class);
  }
}
