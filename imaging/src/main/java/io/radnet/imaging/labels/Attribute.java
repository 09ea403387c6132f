package io.radnet.imaging.labels;

import io.radnet.imaging.dicom.Tag;

/**
 * The attributes that the families read, by their DICOM keyword, with the sequences of the
 * functional groups that hold them in enhanced objects. None of them identifies a patient.
 */
enum Attribute {
  IMAGE_TYPE("ImageType", Tag.IMAGE_TYPE),
  FRAME_TYPE(
      "FrameType",
      Tag.FRAME_TYPE,
      Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE,
      Tag.CT_IMAGE_FRAME_TYPE_SEQUENCE,
      Tag.PET_FRAME_TYPE_SEQUENCE),
  SOP_CLASS_UID("SOPClassUID", Tag.SOP_CLASS_UID),
  MODALITY("Modality", Tag.MODALITY),
  MANUFACTURER("Manufacturer", Tag.MANUFACTURER),
  SAMPLES_PER_PIXEL("SamplesPerPixel", Tag.SAMPLES_PER_PIXEL),
  PHOTOMETRIC("PhotometricInterpretation", Tag.PHOTOMETRIC_INTERPRETATION),
  BITS_ALLOCATED("BitsAllocated", Tag.BITS_ALLOCATED),
  SMALLEST_PIXEL("SmallestImagePixelValue", 0x0028_0106),
  LARGEST_PIXEL("LargestImagePixelValue", 0x0028_0107),
  STUDY_DESCRIPTION("StudyDescription", Tag.STUDY_DESCRIPTION),
  SERIES_DESCRIPTION("SeriesDescription", Tag.SERIES_DESCRIPTION),
  PROTOCOL_NAME("ProtocolName", Tag.PROTOCOL_NAME),
  REQUESTED_PROCEDURE("RequestedProcedureDescription", Tag.REQUESTED_PROCEDURE_DESCRIPTION),
  PERFORMED_PROCEDURE(
      "PerformedProcedureStepDescription", Tag.PERFORMED_PROCEDURE_STEP_DESCRIPTION),
  PROCEDURE_CODE("ProcedureCodeSequence", Tag.PROCEDURE_CODE_SEQUENCE),
  REQUESTED_CODE("RequestedProcedureCodeSequence", Tag.REQUESTED_PROCEDURE_CODE_SEQUENCE),
  DERIVATION_DESCRIPTION("DerivationDescription", Tag.DERIVATION_DESCRIPTION),
  BODY_PART("BodyPartExamined", Tag.BODY_PART_EXAMINED),
  ANATOMIC_REGION(
      "AnatomicRegionSequence", Tag.ANATOMIC_REGION_SEQUENCE, Tag.FRAME_ANATOMY_SEQUENCE),
  SCANNING_SEQUENCE("ScanningSequence", Tag.SCANNING_SEQUENCE),
  SEQUENCE_VARIANT("SequenceVariant", Tag.SEQUENCE_VARIANT),
  SCAN_OPTIONS("ScanOptions", Tag.SCAN_OPTIONS),
  SEQUENCE_NAME("SequenceName", Tag.SEQUENCE_NAME),
  PULSE_SEQUENCE_NAME("PulseSequenceName", Tag.PULSE_SEQUENCE_NAME),
  GE_SEQUENCE_NAME("(0019,xx9C) GEMS_ACQU_01", 0),
  REPETITION_TIME(
      "RepetitionTime", Tag.REPETITION_TIME, Tag.MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE),
  ECHO_TIME("EchoTime", Tag.ECHO_TIME),
  EFFECTIVE_ECHO_TIME("EffectiveEchoTime", Tag.EFFECTIVE_ECHO_TIME, Tag.MR_ECHO_SEQUENCE),
  INVERSION_TIME("InversionTime", Tag.INVERSION_TIME, Tag.MR_MODIFIER_SEQUENCE),
  INVERSION_TIMES("InversionTimes", Tag.INVERSION_TIMES, Tag.MR_MODIFIER_SEQUENCE),
  INVERSION_RECOVERY("InversionRecovery", Tag.INVERSION_RECOVERY, Tag.MR_MODIFIER_SEQUENCE),
  ECHO_TRAIN_LENGTH(
      "EchoTrainLength", Tag.ECHO_TRAIN_LENGTH, Tag.MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE),
  FLIP_ANGLE("FlipAngle", Tag.FLIP_ANGLE, Tag.MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE),
  ACQUISITION_TYPE("MRAcquisitionType", Tag.MR_ACQUISITION_TYPE),
  ACQUISITION_CONTRAST(
      "AcquisitionContrast", Tag.ACQUISITION_CONTRAST, Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE),
  ECHO_PULSE_SEQUENCE("EchoPulseSequence", Tag.ECHO_PULSE_SEQUENCE),
  ECHO_PLANAR("EchoPlanarPulseSequence", Tag.ECHO_PLANAR_PULSE_SEQUENCE),
  B_VALUE("DiffusionBValue", Tag.DIFFUSION_B_VALUE, Tag.MR_DIFFUSION_SEQUENCE),
  FAT_SUPPRESSION(
      "SpectrallySelectedSuppression",
      Tag.SPECTRALLY_SELECTED_SUPPRESSION,
      Tag.MR_MODIFIER_SEQUENCE),
  AGENT("ContrastBolusAgent", Tag.CONTRAST_BOLUS_AGENT),
  AGENT_SEQUENCE("ContrastBolusAgentSequence", Tag.CONTRAST_BOLUS_AGENT_SEQUENCE),
  ROUTE("ContrastBolusRoute", Tag.CONTRAST_BOLUS_ROUTE),
  AGENT_VOLUME("ContrastBolusVolume", Tag.CONTRAST_BOLUS_VOLUME),
  AGENT_DOSE("ContrastBolusTotalDose", Tag.CONTRAST_BOLUS_TOTAL_DOSE),
  AGENT_FLOW("ContrastFlowRate", Tag.CONTRAST_FLOW_RATE),
  AGENT_INGREDIENT("ContrastBolusIngredient", Tag.CONTRAST_BOLUS_INGREDIENT),
  AGENT_ADMINISTERED(
      "ContrastBolusAgentAdministered",
      Tag.CONTRAST_BOLUS_AGENT_ADMINISTERED,
      Tag.CONTRAST_BOLUS_USAGE_SEQUENCE),
  AGENT_DETECTED(
      "ContrastBolusAgentDetected",
      Tag.CONTRAST_BOLUS_AGENT_DETECTED,
      Tag.CONTRAST_BOLUS_USAGE_SEQUENCE),
  AGENT_PHASE(
      "ContrastBolusAgentPhase", Tag.CONTRAST_BOLUS_AGENT_PHASE, Tag.CONTRAST_BOLUS_USAGE_SEQUENCE),
  RADIOPHARMACEUTICAL("RadiopharmaceuticalInformationSequence", 0x0054_0016),
  SLICE_THICKNESS("SliceThickness", Tag.SLICE_THICKNESS, Tag.PIXEL_MEASURES_SEQUENCE),
  SPACING_BETWEEN_SLICES(
      "SpacingBetweenSlices", Tag.SPACING_BETWEEN_SLICES, Tag.PIXEL_MEASURES_SEQUENCE),
  GANTRY_TILT("GantryDetectorTilt", Tag.GANTRY_DETECTOR_TILT),
  PATIENT_POSITION("PatientPosition", Tag.PATIENT_POSITION);

  private final String keyword;
  private final int tag;
  private final int[] groups;

  Attribute(String keyword, int tag, int... groups) {
    this.keyword = keyword;
    this.tag = tag;
    this.groups = groups;
  }

  /** The DICOM keyword. */
  String keyword() {
    return keyword;
  }

  /** The tag; 0 for private elements that are found by their creator. */
  int tag() {
    return tag;
  }

  /** The functional group sequences that may hold it. */
  int[] groups() {
    return groups.clone();
  }
}
