package io.radnet.exporter.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static float[] evenlySpread(float to, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 2 == 0 ? 1f : -1f) * to * i / count;
    }
    return values;
  }

  @Test
  void aPercentileLeavesOutliersOut() {
    Histogram histogram = new Histogram();
    histogram.add(evenlySpread(1, 100_000));
    assertThat(histogram.percentile(99.99)).isCloseTo(1f, within(0.002f));
    histogram.add(new float[] {4});
    assertThat(histogram.percentile(99.99)).isCloseTo(1f, within(0.002f));
    assertThat(histogram.percentile(100)).isCloseTo(4f, within(0.01f));
  }

  @Test
  void volumesCountTogetherWhateverTheirOrder() {
    Histogram rising = new Histogram();
    rising.add(evenlySpread(1, 10_000));
    rising.add(evenlySpread(50, 10_000));
    Histogram falling = new Histogram();
    falling.add(evenlySpread(50, 10_000));
    falling.add(evenlySpread(1, 10_000));
    for (double percent : new double[] {10, 50, 75, 99}) {
      assertThat(rising.percentile(percent)).isCloseTo(falling.percentile(percent), within(0.03f));
    }
    // Half of all are below 1, and a fiftieth of the other half.
    assertThat(rising.percentile(51)).isCloseTo(1f, within(0.03f));
  }

  @Test
  void entropyKeepsWhatIsEvenlySpread() {
    Histogram histogram = new Histogram();
    histogram.add(evenlySpread(1, 400_000));
    assertThat(histogram.entropy()).isBetween(0.9f, 1.01f);
  }

  @Test
  void entropyClipsALongThinTail() {
    Random random = new Random(7);
    float[] values = new float[400_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = 40;
    Histogram histogram = new Histogram();
    histogram.add(values);
    assertThat(histogram.entropy()).isBetween(2f, 8f);
    assertThat(histogram.percentile(100)).isCloseTo(40f, within(0.1f));
  }

  @Test
  void nothingButZerosHasARangeThatDivides() {
    Histogram histogram = new Histogram();
    histogram.add(new float[3]);
    assertThat(histogram.percentile(99.99)).isPositive();
    assertThat(histogram.entropy()).isPositive();
  }
}
