package io.radnet.imaging.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What radiologists expect of each sequence must come out of the equations. */
final class SignalTest {
  private static final Patient PATIENT = Patient.draw(new Draw(4, false), 1, "train");

  private static float[] signal(Sequence sequence, Acquisition.Phase phase) {
    return Signal.of(Acquisition.mr(new Draw(8, false), sequence, Target.HEAD, phase), PATIENT);
  }

  private static float of(float[] signal, Tissue tissue) {
    return signal[tissue.ordinal()];
  }

  @Test
  void fluidIsBrightInT2AndDarkInT1AndFlair() {
    float[] t1 = signal(Sequence.T1W, Acquisition.Phase.NATIVE);
    float[] t2 = signal(Sequence.T2W, Acquisition.Phase.NATIVE);
    float[] flair = signal(Sequence.T2_FLAIR, Acquisition.Phase.NATIVE);
    assertThat(of(t2, Tissue.CSF)).isGreaterThan(2 * of(t2, Tissue.WHITE_MATTER));
    assertThat(of(t1, Tissue.CSF)).isLessThan(0.7f * of(t1, Tissue.WHITE_MATTER));
    assertThat(of(flair, Tissue.CSF)).isLessThan(0.7f * of(flair, Tissue.GREY_MATTER));
    assertThat(of(t1, Tissue.WHITE_MATTER)).isGreaterThan(of(t1, Tissue.GREY_MATTER));
    assertThat(of(t2, Tissue.GREY_MATTER)).isGreaterThan(of(t2, Tissue.WHITE_MATTER));
  }

  @Test
  void stirNullsFatAndDiffusionShowsStroke() {
    float[] stir = signal(Sequence.STIR, Acquisition.Phase.NATIVE);
    float[] dwi = signal(Sequence.DWI, Acquisition.Phase.NATIVE);
    float[] adc = signal(Sequence.ADC, Acquisition.Phase.NATIVE);
    assertThat(of(stir, Tissue.FAT)).isLessThan(0.3f * of(stir, Tissue.FLUID));
    assertThat(of(dwi, Tissue.ACUTE_STROKE)).isGreaterThan(1.2f * of(dwi, Tissue.GREY_MATTER));
    assertThat(of(dwi, Tissue.CSF)).isLessThan(of(dwi, Tissue.GREY_MATTER));
    assertThat(of(adc, Tissue.ACUTE_STROKE)).isLessThan(of(adc, Tissue.GREY_MATTER));
    assertThat(of(adc, Tissue.CSF)).isBetween(2000f, 4000f);
  }

  @Test
  void anAgentBrightensVesselsInCtAndInT1() {
    float[] before = signal(Sequence.T1W, Acquisition.Phase.NATIVE);
    float[] after = signal(Sequence.T1W, Acquisition.Phase.PORTAL);
    assertThat(of(after, Tissue.SINUS_BLOOD)).isGreaterThan(1.2f * of(before, Tissue.SINUS_BLOOD));
    float[] none = Signal.of(Acquisition.ct(new Draw(1, false), Acquisition.Phase.NATIVE), PATIENT);
    float[] early =
        Signal.of(Acquisition.ct(new Draw(1, false), Acquisition.Phase.ARTERIAL), PATIENT);
    float[] late = Signal.of(Acquisition.ct(new Draw(1, false), Acquisition.Phase.PORTAL), PATIENT);
    assertThat(of(none, Tissue.BLOOD)).isBetween(30f, 60f);
    assertThat(of(early, Tissue.BLOOD)).isGreaterThan(of(late, Tissue.BLOOD));
    assertThat(of(late, Tissue.LIVER)).isGreaterThan(of(early, Tissue.LIVER) + 15);
    assertThat(of(none, Tissue.AIR)).isBetween(-1010f, -990f);
  }
}
