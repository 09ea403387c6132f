package io.radnet.imaging.labels;

import static io.radnet.imaging.labels.FamiliesTest.ct;
import static io.radnet.imaging.labels.FamiliesTest.labels;
import static io.radnet.imaging.labels.FamiliesTest.mr;
import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers as scanners and technicians write them, where a word or a sign means something else. */
final class ScannerHeadersTest {
  @ParameterizedTest
  @CsvSource({
    "MRI C-SPINE W CONTRAST, , iv",
    "MRI CERVICAL, C-SPINE AX 2.5, unknown",
    "CT C-A-P, , unknown",
    "MRI BRAIN, T1 C-, none",
    "MRI BRAIN, AX T1+C, iv",
    "RM ENCEFALO SENZA E CON MDC, T1 GD, iv",
    "RM ENCEFALO SENZA E CON MDC, T2 TSE, unknown",
    "IRM SANS ET AVEC INJECTION, , unknown",
    "MRT Kopf nativ und mit KM, , unknown",
    "MRT Kopf nativ, , none",
    "MRI KNEE, AX T1 POST W/O FS, iv",
    "MRI KNEE, SAG T2 W/O FS, unknown",
    "CT HEAD, POST FOSSA 3.0, unknown",
    "MRI BRAIN, ARTERIAL SPIN LABELING, unknown"
  })
  void contrastIsWhatTheWordsMean(String study, String series, String expected) {
    WritableDataset header = ct().put(Tag.STUDY_DESCRIPTION, VR.LO, study);
    if (series != null) {
      header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    }
    assertThat(labels(header).contrast()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "NO IV CONTRAST, none",
    "W/O IV, none",
    "C-, none",
    "PLAIN, none",
    "NON-CON, none",
    "-, unknown",
    "OMNIPAQUE 350, iv",
    "ISOVUE NON-IONIC, iv"
  })
  void anAgentMayBeANegation(String agent, String expected) {
    WritableDataset header = ct().put(Tag.CONTRAST_BOLUS_AGENT, VR.LO, agent);
    assertThat(labels(header).contrast()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "t1_vibe_dixon_tra_bh_W, DERIVED\\PRIMARY\\DIXON\\WATER, PFP, yes",
    "t1_vibe_dixon_tra_bh_in, ORIGINAL\\PRIMARY\\DIXON\\IN_PHASE, PFP, no",
    "t1_mprage_sag, ORIGINAL\\PRIMARY\\M\\ND, IR\\WE, yes",
    "T1 NON FAT SAT, ORIGINAL\\PRIMARY, PFP, no",
    "AX T1 W/O FAT SAT, ORIGINAL\\PRIMARY, PFP, no",
    "t2_tse_tra, ORIGINAL\\PRIMARY\\M\\ND, PFP, no"
  })
  void fatSuppressionIsReadFromImageTypeAndOptions(
      String series, String type, String options, String expected) {
    WritableDataset header = mr().put(Tag.MANUFACTURER, VR.LO, "SIEMENS");
    header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    header.put(Tag.IMAGE_TYPE, VR.CS, (Object[]) type.split("\\\\"));
    header.put(Tag.SCAN_OPTIONS, VR.CS, (Object[]) options.split("\\\\"));
    assertThat(labels(header).fatSuppressed()).isEqualTo(expected);
  }

  /** Philips states IR without SE, and writes names with a prefix. */
  @ParameterizedTest
  @CsvSource({
    "IR, SK, 11000, 125, 2800, eFLAIR_longTR_SPIR, T2-FLAIR",
    "IR, SK, 4000, 60, 180, name, STIR",
    "GR, SP, 25, 4, , sT1W_3D_FFE, T1w",
    "SE, SK, 3000, 60, , sT2W_TSE, T2w"
  })
  void philipsSequencesAreKnown(
      String scanning,
      String variant,
      double tr,
      double te,
      Double ti,
      String series,
      String expected) {
    WritableDataset header = mr().put(Tag.MANUFACTURER, VR.LO, "Philips Medical Systems");
    header.put(Tag.SCANNING_SEQUENCE, VR.CS, scanning).put(Tag.SEQUENCE_VARIANT, VR.CS, variant);
    header.put(Tag.REPETITION_TIME, VR.DS, tr).put(Tag.ECHO_TIME, VR.DS, te);
    header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    if (ti != null) {
      header.put(Tag.INVERSION_TIME, VR.DS, ti);
    }
    assertThat(labels(header).sequence()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"ep2d_t2star_tra, T2star", "ep2d_bold_rest, fMRI", "ep2d_tra, fMRI"})
  void oneGradientEchoPlanarVolumeCalledT2StarIsThat(String series, String expected) {
    WritableDataset header = mr().put(Tag.MANUFACTURER, VR.LO, "SIEMENS");
    header.put(Tag.SEQUENCE_NAME, VR.SH, "*epfid2d1_192");
    header.put(Tag.SCANNING_SEQUENCE, VR.CS, "EP", "GR");
    header.put(Tag.REPETITION_TIME, VR.DS, 4000.0).put(Tag.ECHO_TIME, VR.DS, 30.0);
    header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    assertThat(labels(header).sequence()).isEqualTo(expected);
  }

  @Test
  void aPhaseImageIsNoFieldMapAndAReformatNoScan() {
    WritableDataset phase = mr().put(Tag.SERIES_DESCRIPTION, VR.LO, "SWIp");
    phase.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "PHASE MAP", "P", "FFE");
    assertThat(labels(phase).sequence()).isEqualTo("SWI");
    WritableDataset reformat = ct();
    reformat.put(Tag.IMAGE_TYPE, VR.CS, "DERIVED", "SECONDARY", "REFORMATTED", "AVERAGE");
    assertThat(labels(reformat).rejected()).contains("projection");
  }
}
