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
    "MRI BRAIN, ARTERIAL SPIN LABELING, unknown",
    "MRI BRAIN, T1W_SE post-c, iv",
    "RM CEREBRO, t1_tse_tra s/c, none",
    "RM CEREBRO, t1_tse_tra c/c, iv",
    "RM ABDOME, AX LAVA PÓS CONTRASTE 3MIN, iv",
    "RM bacino s.mdc, , none",
    "RM ENCEFALO, T1 TSE DOPO MDC, iv",
    "TC TORAX CON CIV, , iv",
    "TC TORAX SIN CIV, , none",
    "IRM ABDOMINALE, AX LAVA IV-, none",
    "IRM CEREBRALE, AX T1 AVANT INJECTION, none",
    "MR Lever blanco, , none",
    "MR Bekken, T1W TSE zonder FS, unknown",
    "MRT Schaedel, t1_tse_tra_v.KM, none",
    "MRT Schaedel, t1_tse_tra_KM-frei, none",
    "CT Leber, Leber -KM 5.0, none",
    "CT Abdomen ohne i.v. KM, , none",
    "CT Abdomen, Abd. venös 3.0, iv",
    "MRI BRAIN, 3D PHASE CONTRAST, unknown",
    "CT ABDOMEN PRE TRANSPLANT, , unknown",
    "MRI SPINE POST LAMINECTOMY, AX T2, unknown"
  })
  void contrastIsWhatTheWordsMean(String study, String series, String expected) {
    WritableDataset header = ct().put(Tag.STUDY_DESCRIPTION, VR.LO, study);
    if (series != null) {
      header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    }
    assertThat(labels(header).contrast()).isEqualTo(expected);
  }

  /** A study with an agent has series before it too; the other way round they contradict. */
  @ParameterizedTest
  @CsvSource({
    "CT ABDOMEN WITH CONTRAST, ABD NATIV, none",
    "TC ABDOME TOTAL COM CONTRASTE, ABD SEM CONTRASTE, none",
    "RM ENCEFALO CON MDC, T1 TSE AX BASALE, none",
    "CT LIVER W WO CONTRAST, NONCON, none",
    "CT HEAD WITHOUT CONTRAST, HEAD POST CONTRAST, unknown"
  })
  void theNameOfASeriesBeforeTheAgentStandsAgainstThatOfItsStudy(
      String study, String series, String expected) {
    WritableDataset header = ct().put(Tag.STUDY_DESCRIPTION, VR.LO, study);
    header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    assertThat(labels(header).contrast()).isEqualTo(expected);
  }

  @Test
  void anAgentThatAConsoleFilledInIsNoneWhereNothingOfItWasGiven() {
    WritableDataset header = ct().put(Tag.SERIES_DESCRIPTION, VR.LO, "Thorax 3mm nativ");
    header.put(Tag.CONTRAST_BOLUS_AGENT, VR.LO, "APPLIED");
    header.put(Tag.CONTRAST_BOLUS_VOLUME, VR.DS, 0.0);
    assertThat(labels(header).contrast()).isEqualTo("none");
    header.put(Tag.SERIES_DESCRIPTION, VR.LO, "Thorax 3mm");
    assertThat(labels(header).contrast()).isEqualTo("iv");
  }

  @ParameterizedTest
  @CsvSource({
    "GADAVIST 1.0, iv",
    "0, none",
    "N, none",
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

  @ParameterizedTest
  @CsvSource({
    "s3DI_MC_HR, GR, SS, 23, 3.45, 20, TOF",
    "mDIXON-All_BH W, GR, SK, 5.4, 1.3, 10, T1w",
    "mDIXON-TSE T2 W, SE, SK, 4000, 90, 90, T2w",
    "mDIXON-TSE, GR, SK, 700, 20, 90, unknown",
    "AX DUAL ECHO IN PHASE, GR, SS\\SP\\SK, 150, 4.4, 80, T1w",
    "AX FIESTA, GR, SS\\SK, 4.4, 1.9, 60, unknown",
    "SmartBrain, GR, SS, 11, 4.6, 20, localizer"
  })
  void gradientEchoesAreTheirTimingAndTheirNames(
      String series,
      String scanning,
      String variant,
      double tr,
      double te,
      double flip,
      String expected) {
    WritableDataset header = mr().put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    header.put(Tag.SCANNING_SEQUENCE, VR.CS, scanning);
    header.put(Tag.SEQUENCE_VARIANT, VR.CS, (Object[]) variant.split("\\\\"));
    header.put(Tag.REPETITION_TIME, VR.DS, tr).put(Tag.ECHO_TIME, VR.DS, te);
    header.put(Tag.FLIP_ANGLE, VR.DS, flip);
    assertThat(labels(header).sequence()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "MRI HIP LEFT, AX OBL T2 FS FEMORAL NECK, pelvis",
    "MRI HIP, AX T2 FEMORAL HEAD, pelvis",
    "MRT Hüfte bds., , pelvis",
    "RM CADERA, SAG PD FS, pelvis",
    "MRT Unterschenkel li, tirm_tra, extremity",
    "MRI SHOULDER, AX HUMERAL HEAD, extremity",
    "MRT Neurokranium, t2_tse_tra, brain head"
  })
  void regionsAreNotPartsOfTheirWords(String study, String series, String expected) {
    WritableDataset header = mr().put(Tag.STUDY_DESCRIPTION, VR.LO, study);
    if (series != null) {
      header.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    }
    assertThat(labels(header).regions()).containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "DERIVED\\SECONDARY\\OTHER\\CSA MIP, projection",
    "DERIVED\\PRIMARY\\DIXON\\FAT_FRACTION, parametric map",
    "DERIVED\\PRIMARY\\M\\R2_STAR MAP, parametric map"
  })
  void whatIsMadeOfScansIsNoScan(String type, String reason) {
    WritableDataset header = mr().put(Tag.IMAGE_TYPE, VR.CS, (Object[]) type.split("\\\\"));
    assertThat(labels(header).rejected()).contains(reason);
  }
}
