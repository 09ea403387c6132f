package io.radnet.imaging.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each family on small headers, with the traps that real archives hold. */
class FamiliesTest {
  private static final Rules RULES = Rules.builtIn();

  @ParameterizedTest
  @CsvSource({
    "SE, 500, 12, , T1w",
    "SE, 4000, 100, , T2w",
    "SE, 3000, 20, , PDw",
    "SE, 3000, 60, , unknown",
    "SE\\IR, 9000, 120, 2500, T2-FLAIR",
    "SE\\IR, 2500, 10, 860, T1-FLAIR",
    "SE\\IR, 5000, 40, 160, STIR",
    "EP\\GR, 2000, 30, , fMRI",
    "EP\\RM, 2000, 30, , unknown",
    "RM, 6.2, 3.4, , unknown",
  })
  void timingDecidesTheSequence(
      String scanning, double tr, double te, @Nullable Double ti, String expected) {
    WritableDataset header = mr();
    header.put(Tag.SCANNING_SEQUENCE, VR.CS, (Object[]) scanning.split("\\\\"));
    header.put(Tag.REPETITION_TIME, VR.DS, tr).put(Tag.ECHO_TIME, VR.DS, te);
    if (ti != null) {
      header.put(Tag.INVERSION_TIME, VR.DS, ti);
    }
    assertThat(labels(header).sequence()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "*tfl3d1_16ns, T1w",
    "*ep_b1000t, unknown",
    "*h2d1_128, T2w",
    "*swi3d1r, SWI",
    "fm2d2, fieldmap",
    "epfid2d1_64, fMRI",
    "nothing1, unknown",
  })
  void siemensNamesAreReadByTheirStem(String name, String expected) {
    WritableDataset header = mr().put(Tag.MANUFACTURER, VR.LO, "SIEMENS");
    header.put(Tag.SEQUENCE_NAME, VR.SH, name);
    assertThat(labels(header).sequence()).isEqualTo(expected);
  }

  @Test
  void timingAgainstWordsIsUnknownOrUnsure() {
    WritableDataset header = mr();
    header.put(Tag.SCANNING_SEQUENCE, VR.CS, "SE").put(Tag.REPETITION_TIME, VR.DS, 500.0);
    header.put(Tag.ECHO_TIME, VR.DS, 12.0).put(Tag.SERIES_DESCRIPTION, VR.LO, "AX T2 TSE");
    SeriesLabels labels = labels(header);
    assertThat(labels.sequence()).isEqualTo("unknown");
    header.put(Tag.SERIES_DESCRIPTION, VR.LO, "AX T1 SE");
    assertThat(labels(header).sequence()).isEqualTo("T1w");
    assertThat(evidence(labels(header), "sequence").confidence()).isGreaterThan(0.95);
  }

  @Test
  void paletteColoursAreNoScanToLearnFrom() {
    WritableDataset header = mr().put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "PALETTE COLOR");
    assertThat(labels(header).rejected()).contains("palette colour");
    header.put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2");
    assertThat(labels(header).rejected()).isNull();
  }

  @Test
  void adcIsNotTheDiffusionThatItWasMadeFrom() {
    WritableDataset header = mr().put(Tag.IMAGE_TYPE, VR.CS, "DERIVED", "SECONDARY", "ADC");
    header.put(Tag.DIFFUSION_B_VALUE, VR.FD, 500.0).put(Tag.PROTOCOL_NAME, VR.LO, "DIFF B500");
    assertThat(labels(header).sequence()).isEqualTo("ADC");
    assertThat(labels(header).rejected()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, , , none",
    "No, , , none",
    "oral & IV, , , iv",
    "Gastrografin, , , oral",
    "APPLIED, 0, , iv",
    "11 ml Omniscan, 0, , iv",
    ", 0, , unknown",
    ", , T1 POST GAD, iv",
    ", , CT HEAD WO CONTRAST, none",
    ", , ABDOMEN WITH/WITHOUT, unknown",
    ", , AX W/WO CONTRAST, unknown",
    ", , T1+C, iv",
    ", , thin slices, unknown",
    "NONE, , T1 POST GAD, unknown",
  })
  void contrast(
      @Nullable String agent,
      @Nullable Double volume,
      @Nullable String description,
      String expected) {
    WritableDataset header = ct();
    if (agent != null) {
      header.put(Tag.CONTRAST_BOLUS_AGENT, VR.LO, agent);
    }
    if (volume != null) {
      header.put(Tag.CONTRAST_BOLUS_VOLUME, VR.DS, volume);
    }
    if (description != null) {
      header.put(Tag.SERIES_DESCRIPTION, VR.LO, description);
    }
    assertThat(labels(header).contrast()).isEqualTo(expected);
  }

  @Test
  void theStudyOfAPetSaysNothingAboutItsContrast() {
    WritableDataset header = ct().put(Tag.MODALITY, VR.CS, "PT");
    header.put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.128");
    header.put(Tag.STUDY_DESCRIPTION, VR.LO, "CT CHEST W/O CONTRAST");
    assertThat(labels(header).contrast()).isEqualTo("unknown");
  }

  @Test
  void aCtIsNoMrWhateverItsProtocolSays() {
    WritableDataset header = ct().put(Tag.PROTOCOL_NAME, VR.LO, "T2SPIR");
    assertThat(labels(header).sequence()).isEqualTo("none");
    assertThat(labels(header).fatSuppressed()).isEqualTo("none");
  }

  @Test
  void bodyPartIsNotTrustedAgainstWords() {
    WritableDataset header = ct().put(Tag.BODY_PART_EXAMINED, VR.CS, "HEAD");
    header.put(Tag.STUDY_DESCRIPTION, VR.LO, "CT KNEE").put(Tag.PROTOCOL_NAME, VR.LO, "KNEE");
    SeriesLabels labels = labels(header);
    assertThat(labels.regions()).containsExactly("extremity");
    assertThat(evidence(labels, "traps").attributes())
        .contains("BodyPartExamined contradicts the descriptions");
    WritableDataset filled = ct().put(Tag.BODY_PART_EXAMINED, VR.CS, "EXTREMITY");
    assertThat(labels(filled).regions()).isEmpty();
  }

  @Test
  void aModalityThatContradictsItsClassIsDoubted() {
    WritableDataset header = ct().put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4");
    assertThat(evidence(labels(header), "modality").confidence()).isLessThan(0.8);
    assertThat(evidence(labels(header), "traps").attributes())
        .contains("Modality contradicts SOPClassUID");
  }

  @Test
  void spacingGapsAndTilt() {
    SeriesLabels even = labels(ct(), 2, 2, 2, 2);
    assertThat(even.spacingMm()).isEqualTo(2);
    assertThat(even.spacingUniform()).isTrue();
    assertThat(even.rejected()).isNull();
    SeriesLabels hole = labels(ct(), 5, 5, 5, 10);
    assertThat(hole.spacingMm()).isEqualTo(5);
    assertThat(hole.rejected()).contains("missing slices");
    SeriesLabels two = labels(ct(), 4, 4, 4, 7, 7, 7);
    assertThat(two.spacingUniform()).isFalse();
    assertThat(two.rejected()).isNull();
    assertThat(labels(ct(), 3, 3).rejected()).contains("fewer than 4 slices");
  }

  @Test
  void gate() {
    assertThat(
            labels(ct().put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "LOCALIZER")).rejected())
        .contains("localizer");
    assertThat(labels(ct().put(Tag.SERIES_DESCRIPTION, VR.LO, "Lung mask")).rejected())
        .contains("mask");
    assertThat(
            labels(ct().put(Tag.IMAGE_TYPE, VR.CS, "DERIVED", "SECONDARY", "PROJECTION IMAGE"))
                .rejected())
        .contains("projection");
    assertThat(labels(ct().put(Tag.IMAGE_TYPE, VR.CS, "DERIVED", "SECONDARY")).rejected()).isNull();
    assertThat(labels(ct().put(Tag.MODALITY, VR.CS, "SEG")).rejected()).contains("mask");
    assertThat(labels(ct().put(Tag.MODALITY, VR.CS, "US")).rejected()).contains("US");
  }

  @Test
  void enhancedHeadersAreReadThroughTheirFunctionalGroups() {
    WritableDataset frameType = new WritableDataset();
    frameType.put(Tag.ACQUISITION_CONTRAST, VR.CS, "FLUID_ATTENUATED");
    WritableDataset echo = new WritableDataset().put(Tag.EFFECTIVE_ECHO_TIME, VR.FD, 194.0);
    WritableDataset shared = new WritableDataset();
    shared.putSequence(Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE, List.of(frameType));
    shared.putSequence(Tag.MR_ECHO_SEQUENCE, List.of(echo));
    WritableDataset header = mr();
    header.putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared));
    assertThat(labels(header).sequence()).isEqualTo("T2-FLAIR");
  }

  @Test
  void pseudonymsAreStableSaltedUids() {
    assertThat(new Pseudonyms("a").of("1.2.3")).isEqualTo(new Pseudonyms("a").of("1.2.3"));
    assertThat(new Pseudonyms("a").of("1.2.3")).isNotEqualTo(new Pseudonyms("b").of("1.2.3"));
    assertThat(new Pseudonyms("a").of("1.2.3")).matches("2\\.25\\.[0-9]{1,39}");
  }

  private static SeriesLabels.Evidence evidence(SeriesLabels labels, String family) {
    return Objects.requireNonNull(labels.evidence().get(family), family);
  }

  static WritableDataset mr() {
    return new WritableDataset()
        .put(Tag.MODALITY, VR.CS, "MR")
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4");
  }

  static WritableDataset ct() {
    return new WritableDataset()
        .put(Tag.MODALITY, VR.CS, "CT")
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2");
  }

  static SeriesLabels labels(WritableDataset header, double... steps) {
    double[] distances = steps.length == 0 ? new double[] {3, 3, 3, 3, 3} : steps;
    List<double[]> normals = new ArrayList<>();
    normals.add(new double[] {0, 0, 1});
    SeriesShape shape =
        new SeriesShape(
            normals,
            distances,
            0.0,
            List.of(1.0, 1.0),
            256,
            256,
            distances.length + 1,
            distances.length + 1,
            1,
            false,
            true,
            0,
            List.of(),
            List.of("class"),
            List.of("modality"),
            0);
    return new SeriesLabeler(RULES)
        .explain("1.2.3", "series", new SeriesHeader(List.of(header)), shape)
        .labels();
  }
}
