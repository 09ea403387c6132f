package io.radnet.imaging.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SlidingWindowTest {
  @Test
  void everyVoxelIsCoveredAndNoWindowLeavesTheGrid() {
    int[] window = {8, 16, 12};
    for (double overlap : new double[] {0, 0.25, 0.5, 0.9}) {
      for (int[] size : new int[][] {{8, 16, 12}, {9, 31, 40}, {50, 17, 13}}) {
        boolean[][] covered = {new boolean[size[0]], new boolean[size[1]], new boolean[size[2]]};
        for (int[] origin : SlidingWindow.origins(size, window, overlap)) {
          for (int axis = 0; axis < 3; axis++) {
            assertThat(origin[axis] + window[axis]).isLessThanOrEqualTo(size[axis]);
            for (int n = 0; n < window[axis]; n++) {
              covered[axis][origin[axis] + n] = true;
            }
          }
        }
        for (boolean[] axis : covered) {
          assertThat(axis).doesNotContain(false);
        }
      }
    }
  }

  @Test
  void windowsSpreadEvenlyWithAtLeastTheOverlap() {
    List<int[]> origins = SlidingWindow.origins(new int[] {10, 10, 20}, new int[] {10, 10, 8}, 0.5);
    assertThat(origins).extracting(o -> o[2]).containsExactly(0, 4, 8, 12);
  }

  @Test
  void aShortAxisHasOneWindow() {
    assertThat(SlidingWindow.origins(new int[] {3, 4, 5}, new int[] {8, 8, 8}, 0.5))
        .containsExactly(new int[] {0, 0, 0});
  }

  @Test
  void blendingIsSymmetricPositiveAndHighestInTheMiddle() {
    float[] weights = SlidingWindow.blending(new int[] {3, 5, 7}, 0.125);
    assertThat(weights[1 * 35 + 2 * 7 + 3]).isEqualTo(1);
    for (int i = 0; i < weights.length; i++) {
      assertThat(weights[i]).isPositive().isEqualTo(weights[weights.length - 1 - i]);
    }
    assertThat(SlidingWindow.blending(new int[] {1, 2, 2}, 0)).containsExactly(1, 1, 1, 1);
  }
}
