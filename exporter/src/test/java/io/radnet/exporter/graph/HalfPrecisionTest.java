package io.radnet.exporter.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  @Test
  void everyFiniteHalfSurvivesTheRoundTrip() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      short half = (short) bits;
      float value = HalfPrecision.toFloat(half);
      if (!Float.isNaN(value)) {
        assertThat(HalfPrecision.fromFloat(value)).isEqualTo(half);
      }
    }
  }

  @Test
  void roundsToNearestWithTiesToEven() {
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(1 + 0x1p-11f))).isEqualTo(1f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(1 + 3 * 0x1p-11f)))
        .isEqualTo(1 + 2 * 0x1p-10f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(1 + 0x1.2p-11f)))
        .isEqualTo(1 + 0x1p-10f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(65519))).isEqualTo(65504f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(65520))).isInfinite();
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(0x1p-25f))).isZero();
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(0x1.8p-25f))).isEqualTo(0x1p-24f);
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(Float.NaN))).isNaN();
  }
}
