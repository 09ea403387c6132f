package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Slices keep their place; what is in them grows about the middle. */
class PlaneZoomTest {
  private static final int DEPTH = 3;
  private static final int HEIGHT = 11;
  private static final int WIDTH = 14;

  private final PlaneZoom zoom = new PlaneZoom(DEPTH, HEIGHT, WIDTH);

  /** A plane {@code a + b y + c x} about the middle, another in each slice. */
  private static float[] ramp() {
    float[] values = new float[DEPTH * HEIGHT * WIDTH];
    for (int v = 0; v < values.length; v++) {
      values[v] = (float) value(v, 1);
    }
    return values;
  }

  private static double value(int v, double factor) {
    double x = v % WIDTH + 0.5 - 0.5 * WIDTH;
    double y = v / WIDTH % HEIGHT + 0.5 - 0.5 * HEIGHT;
    return 100 + v / (WIDTH * HEIGHT) + (2 * x - 3 * y) / factor;
  }

  @Test
  void aRampComesBackExact() {
    float[] larger = zoom.apply(ramp(), 1.3);
    for (int v = 0; v < larger.length; v++) {
      assertThat(larger[v]).isCloseTo((float) value(v, 1.3), within(1e-4f));
    }
    assertThat(zoom.apply(ramp(), 1)).isEqualTo(ramp());
  }

  @Test
  void whatIsOutsideIsEmpty() {
    float[] smaller = zoom.apply(ramp(), 0.5);
    int middle = (HEIGHT + HEIGHT / 2) * WIDTH + WIDTH / 2;
    assertThat(smaller[middle]).isCloseTo((float) value(middle, 0.5), within(1e-4f));
    assertThat(smaller[0]).isZero();
    assertThat(smaller[smaller.length - 1]).isZero();
  }

  @Test
  void knowsWhatReachesTheEdge() {
    float[] values = new float[DEPTH * HEIGHT * WIDTH];
    values[(HEIGHT + 1) * WIDTH + 1] = 1;
    values[(2 * HEIGHT + HEIGHT - 2) * WIDTH + WIDTH - 2] = 1;
    assertThat(zoom.reachesEdge(values)).isFalse();
    for (int edge :
        new int[] {0, WIDTH - 1, 3 * WIDTH, 4 * WIDTH - 1, HEIGHT * WIDTH - 5, values.length - 1}) {
      float[] touched = values.clone();
      touched[edge] = 1;
      assertThat(zoom.reachesEdge(touched)).as("voxel %d", edge).isTrue();
    }
  }
}
