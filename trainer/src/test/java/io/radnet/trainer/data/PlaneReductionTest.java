package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PlaneReductionTest {
  @Test
  void takesTheMeanWithinEachSlice() {
    PlaneReduction half = new PlaneReduction(List.of(2, 2, 4), true);
    float[] volume = {
      1, 2, 10, 10,
      3, 2, 10, 10,
      0, 0, 8, 0,
      0, 0, 0, 0,
    };
    assertThat(half.apply(volume)).containsExactly(2, 10, 0, 2);
    assertThat(half.grid()).containsExactly(2, 1, 2);
  }

  @Test
  void leavesVolumesAsTheyAre() {
    PlaneReduction none = PlaneReduction.none(List.of(1, 1, 3));
    float[] volume = {1, 2, 3};
    assertThat(none.apply(volume)).isSameAs(volume);
    assertThat(none.grid()).containsExactly(1, 1, 3);
  }

  @Test
  void refusesWhatCannotBeHalved() {
    assertThatThrownBy(() -> new PlaneReduction(List.of(2, 3, 4), true))
        .hasMessageContaining("even height and width");
  }
}
