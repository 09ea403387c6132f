package io.radnet.imaging.dicom;

/** The tags that this project reads or writes, named by the keywords of DICOM PS3.6. */
public final class Tag {
  /** MediaStorageSOPClassUID. */
  public static final int MEDIA_STORAGE_SOP_CLASS_UID = 0x0002_0002;

  /** TransferSyntaxUID. */
  public static final int TRANSFER_SYNTAX_UID = 0x0002_0010;

  /** SpecificCharacterSet. */
  public static final int SPECIFIC_CHARACTER_SET = 0x0008_0005;

  /** ImageType. */
  public static final int IMAGE_TYPE = 0x0008_0008;

  /** SOPClassUID. */
  public static final int SOP_CLASS_UID = 0x0008_0016;

  /** SOPInstanceUID. */
  public static final int SOP_INSTANCE_UID = 0x0008_0018;

  /** StudyDate. */
  public static final int STUDY_DATE = 0x0008_0020;

  /** SeriesDate. */
  public static final int SERIES_DATE = 0x0008_0021;

  /** AcquisitionDate. */
  public static final int ACQUISITION_DATE = 0x0008_0022;

  /** ContentDate. */
  public static final int CONTENT_DATE = 0x0008_0023;

  /** StudyTime. */
  public static final int STUDY_TIME = 0x0008_0030;

  /** SeriesTime. */
  public static final int SERIES_TIME = 0x0008_0031;

  /** AcquisitionTime. */
  public static final int ACQUISITION_TIME = 0x0008_0032;

  /** AccessionNumber. */
  public static final int ACCESSION_NUMBER = 0x0008_0050;

  /** Modality. */
  public static final int MODALITY = 0x0008_0060;

  /** ConversionType. */
  public static final int CONVERSION_TYPE = 0x0008_0064;

  /** Manufacturer. */
  public static final int MANUFACTURER = 0x0008_0070;

  /** InstitutionName. */
  public static final int INSTITUTION_NAME = 0x0008_0080;

  /** ReferringPhysicianName. */
  public static final int REFERRING_PHYSICIAN_NAME = 0x0008_0090;

  /** CodeValue. */
  public static final int CODE_VALUE = 0x0008_0100;

  /** CodingSchemeDesignator. */
  public static final int CODING_SCHEME_DESIGNATOR = 0x0008_0102;

  /** CodeMeaning. */
  public static final int CODE_MEANING = 0x0008_0104;

  /** StudyDescription. */
  public static final int STUDY_DESCRIPTION = 0x0008_1030;

  /** ProcedureCodeSequence. */
  public static final int PROCEDURE_CODE_SEQUENCE = 0x0008_1032;

  /** SeriesDescription. */
  public static final int SERIES_DESCRIPTION = 0x0008_103E;

  /** ManufacturerModelName. */
  public static final int MANUFACTURER_MODEL_NAME = 0x0008_1090;

  /** ReferencedSeriesSequence. */
  public static final int REFERENCED_SERIES_SEQUENCE = 0x0008_1115;

  /** ReferencedSOPClassUID. */
  public static final int REFERENCED_SOP_CLASS_UID = 0x0008_1150;

  /** ReferencedSOPInstanceUID. */
  public static final int REFERENCED_SOP_INSTANCE_UID = 0x0008_1155;

  /** DerivationDescription. */
  public static final int DERIVATION_DESCRIPTION = 0x0008_2111;

  /** SourceImageSequence. */
  public static final int SOURCE_IMAGE_SEQUENCE = 0x0008_2112;

  /** AnatomicRegionSequence. */
  public static final int ANATOMIC_REGION_SEQUENCE = 0x0008_2218;

  /** FrameType. */
  public static final int FRAME_TYPE = 0x0008_9007;

  /** PixelPresentation. */
  public static final int PIXEL_PRESENTATION = 0x0008_9205;

  /** VolumetricProperties. */
  public static final int VOLUMETRIC_PROPERTIES = 0x0008_9206;

  /** VolumeBasedCalculationTechnique. */
  public static final int VOLUME_BASED_CALCULATION_TECHNIQUE = 0x0008_9207;

  /** ComplexImageComponent. */
  public static final int COMPLEX_IMAGE_COMPONENT = 0x0008_9208;

  /** AcquisitionContrast. */
  public static final int ACQUISITION_CONTRAST = 0x0008_9209;

  /** PatientName. */
  public static final int PATIENT_NAME = 0x0010_0010;

  /** PatientID. */
  public static final int PATIENT_ID = 0x0010_0020;

  /** PatientBirthDate. */
  public static final int PATIENT_BIRTH_DATE = 0x0010_0030;

  /** PatientSex. */
  public static final int PATIENT_SEX = 0x0010_0040;

  /** PatientAge. */
  public static final int PATIENT_AGE = 0x0010_1010;

  /** ContrastBolusAgent. */
  public static final int CONTRAST_BOLUS_AGENT = 0x0018_0010;

  /** ContrastBolusAgentSequence. */
  public static final int CONTRAST_BOLUS_AGENT_SEQUENCE = 0x0018_0012;

  /** ContrastBolusAdministrationRouteSequence. */
  public static final int CONTRAST_BOLUS_ADMINISTRATION_ROUTE_SEQUENCE = 0x0018_0014;

  /** BodyPartExamined. */
  public static final int BODY_PART_EXAMINED = 0x0018_0015;

  /** ScanningSequence. */
  public static final int SCANNING_SEQUENCE = 0x0018_0020;

  /** SequenceVariant. */
  public static final int SEQUENCE_VARIANT = 0x0018_0021;

  /** ScanOptions. */
  public static final int SCAN_OPTIONS = 0x0018_0022;

  /** MRAcquisitionType. */
  public static final int MR_ACQUISITION_TYPE = 0x0018_0023;

  /** SequenceName. */
  public static final int SEQUENCE_NAME = 0x0018_0024;

  /** SliceThickness. */
  public static final int SLICE_THICKNESS = 0x0018_0050;

  /** KVP. */
  public static final int KVP = 0x0018_0060;

  /** RepetitionTime. */
  public static final int REPETITION_TIME = 0x0018_0080;

  /** EchoTime. */
  public static final int ECHO_TIME = 0x0018_0081;

  /** InversionTime. */
  public static final int INVERSION_TIME = 0x0018_0082;

  /** NumberOfAverages. */
  public static final int NUMBER_OF_AVERAGES = 0x0018_0083;

  /** EchoNumbers. */
  public static final int ECHO_NUMBERS = 0x0018_0086;

  /** MagneticFieldStrength. */
  public static final int MAGNETIC_FIELD_STRENGTH = 0x0018_0087;

  /** SpacingBetweenSlices. */
  public static final int SPACING_BETWEEN_SLICES = 0x0018_0088;

  /** EchoTrainLength. */
  public static final int ECHO_TRAIN_LENGTH = 0x0018_0091;

  /** DeviceSerialNumber. */
  public static final int DEVICE_SERIAL_NUMBER = 0x0018_1000;

  /** ProtocolName. */
  public static final int PROTOCOL_NAME = 0x0018_1030;

  /** ContrastBolusRoute. */
  public static final int CONTRAST_BOLUS_ROUTE = 0x0018_1040;

  /** ContrastBolusVolume. */
  public static final int CONTRAST_BOLUS_VOLUME = 0x0018_1041;

  /** ContrastBolusStartTime. */
  public static final int CONTRAST_BOLUS_START_TIME = 0x0018_1042;

  /** ContrastBolusStopTime. */
  public static final int CONTRAST_BOLUS_STOP_TIME = 0x0018_1043;

  /** ContrastBolusTotalDose. */
  public static final int CONTRAST_BOLUS_TOTAL_DOSE = 0x0018_1044;

  /** ContrastFlowRate. */
  public static final int CONTRAST_FLOW_RATE = 0x0018_1046;

  /** ContrastBolusIngredient. */
  public static final int CONTRAST_BOLUS_INGREDIENT = 0x0018_1048;

  /** TriggerTime. */
  public static final int TRIGGER_TIME = 0x0018_1060;

  /** GantryDetectorTilt. */
  public static final int GANTRY_DETECTOR_TILT = 0x0018_1120;

  /** ConvolutionKernel. */
  public static final int CONVOLUTION_KERNEL = 0x0018_1210;

  /** FlipAngle. */
  public static final int FLIP_ANGLE = 0x0018_1314;

  /** PatientPosition. */
  public static final int PATIENT_POSITION = 0x0018_5100;

  /** PulseSequenceName. */
  public static final int PULSE_SEQUENCE_NAME = 0x0018_9005;

  /** EchoPulseSequence. */
  public static final int ECHO_PULSE_SEQUENCE = 0x0018_9008;

  /** InversionRecovery. */
  public static final int INVERSION_RECOVERY = 0x0018_9009;

  /** EchoPlanarPulseSequence. */
  public static final int ECHO_PLANAR_PULSE_SEQUENCE = 0x0018_9018;

  /** SpectrallySelectedSuppression. */
  public static final int SPECTRALLY_SELECTED_SUPPRESSION = 0x0018_9025;

  /** DiffusionDirectionality. */
  public static final int DIFFUSION_DIRECTIONALITY = 0x0018_9075;

  /** InversionTimes. */
  public static final int INVERSION_TIMES = 0x0018_9079;

  /** EffectiveEchoTime. */
  public static final int EFFECTIVE_ECHO_TIME = 0x0018_9082;

  /** DiffusionBValue. */
  public static final int DIFFUSION_B_VALUE = 0x0018_9087;

  /** DiffusionGradientOrientation. */
  public static final int DIFFUSION_GRADIENT_ORIENTATION = 0x0018_9089;

  /** MRTimingAndRelatedParametersSequence. */
  public static final int MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE = 0x0018_9112;

  /** MREchoSequence. */
  public static final int MR_ECHO_SEQUENCE = 0x0018_9114;

  /** MRModifierSequence. */
  public static final int MR_MODIFIER_SEQUENCE = 0x0018_9115;

  /** MRDiffusionSequence. */
  public static final int MR_DIFFUSION_SEQUENCE = 0x0018_9117;

  /** MRImageFrameTypeSequence. */
  public static final int MR_IMAGE_FRAME_TYPE_SEQUENCE = 0x0018_9226;

  /** CTImageFrameTypeSequence. */
  public static final int CT_IMAGE_FRAME_TYPE_SEQUENCE = 0x0018_9329;

  /** ContrastBolusUsageSequence. */
  public static final int CONTRAST_BOLUS_USAGE_SEQUENCE = 0x0018_9341;

  /** ContrastBolusAgentAdministered. */
  public static final int CONTRAST_BOLUS_AGENT_ADMINISTERED = 0x0018_9342;

  /** ContrastBolusAgentDetected. */
  public static final int CONTRAST_BOLUS_AGENT_DETECTED = 0x0018_9343;

  /** ContrastBolusAgentPhase. */
  public static final int CONTRAST_BOLUS_AGENT_PHASE = 0x0018_9344;

  /** PETFrameTypeSequence. */
  public static final int PET_FRAME_TYPE_SEQUENCE = 0x0018_9751;

  /** StudyInstanceUID. */
  public static final int STUDY_INSTANCE_UID = 0x0020_000D;

  /** SeriesInstanceUID. */
  public static final int SERIES_INSTANCE_UID = 0x0020_000E;

  /** SeriesNumber. */
  public static final int SERIES_NUMBER = 0x0020_0011;

  /** AcquisitionNumber. */
  public static final int ACQUISITION_NUMBER = 0x0020_0012;

  /** InstanceNumber. */
  public static final int INSTANCE_NUMBER = 0x0020_0013;

  /** ImagePositionPatient. */
  public static final int IMAGE_POSITION_PATIENT = 0x0020_0032;

  /** ImageOrientationPatient. */
  public static final int IMAGE_ORIENTATION_PATIENT = 0x0020_0037;

  /** FrameOfReferenceUID. */
  public static final int FRAME_OF_REFERENCE_UID = 0x0020_0052;

  /** Laterality. */
  public static final int LATERALITY = 0x0020_0060;

  /** TemporalPositionIdentifier. */
  public static final int TEMPORAL_POSITION_IDENTIFIER = 0x0020_0100;

  /** NumberOfTemporalPositions. */
  public static final int NUMBER_OF_TEMPORAL_POSITIONS = 0x0020_0105;

  /** SliceLocation. */
  public static final int SLICE_LOCATION = 0x0020_1041;

  /** StackID. */
  public static final int STACK_ID = 0x0020_9056;

  /** InStackPositionNumber. */
  public static final int IN_STACK_POSITION_NUMBER = 0x0020_9057;

  /** FrameAnatomySequence. */
  public static final int FRAME_ANATOMY_SEQUENCE = 0x0020_9071;

  /** FrameContentSequence. */
  public static final int FRAME_CONTENT_SEQUENCE = 0x0020_9111;

  /** PlanePositionSequence. */
  public static final int PLANE_POSITION_SEQUENCE = 0x0020_9113;

  /** PlaneOrientationSequence. */
  public static final int PLANE_ORIENTATION_SEQUENCE = 0x0020_9116;

  /** TemporalPositionIndex. */
  public static final int TEMPORAL_POSITION_INDEX = 0x0020_9128;

  /** DimensionIndexValues. */
  public static final int DIMENSION_INDEX_VALUES = 0x0020_9157;

  /** DimensionOrganizationSequence. */
  public static final int DIMENSION_ORGANIZATION_SEQUENCE = 0x0020_9221;

  /** DimensionIndexSequence. */
  public static final int DIMENSION_INDEX_SEQUENCE = 0x0020_9222;

  /** SamplesPerPixel. */
  public static final int SAMPLES_PER_PIXEL = 0x0028_0002;

  /** PhotometricInterpretation. */
  public static final int PHOTOMETRIC_INTERPRETATION = 0x0028_0004;

  /** PlanarConfiguration. */
  public static final int PLANAR_CONFIGURATION = 0x0028_0006;

  /** NumberOfFrames. */
  public static final int NUMBER_OF_FRAMES = 0x0028_0008;

  /** FrameIncrementPointer. */
  public static final int FRAME_INCREMENT_POINTER = 0x0028_0009;

  public static final int DETECTOR_INFORMATION_SEQUENCE = 0x0054_0022;
  public static final int ACQUISITION_MATRIX = 0x0018_1310;
  public static final int SLICE_VECTOR = 0x0054_0080;

  /** Rows. */
  public static final int ROWS = 0x0028_0010;

  /** Columns. */
  public static final int COLUMNS = 0x0028_0011;

  /** PixelSpacing. */
  public static final int PIXEL_SPACING = 0x0028_0030;

  /** BitsAllocated. */
  public static final int BITS_ALLOCATED = 0x0028_0100;

  /** BitsStored. */
  public static final int BITS_STORED = 0x0028_0101;

  /** HighBit. */
  public static final int HIGH_BIT = 0x0028_0102;

  /** PixelRepresentation. */
  public static final int PIXEL_REPRESENTATION = 0x0028_0103;

  /** PixelPaddingValue. */
  public static final int PIXEL_PADDING_VALUE = 0x0028_0120;

  /** RescaleIntercept. */
  public static final int RESCALE_INTERCEPT = 0x0028_1052;

  /** RescaleSlope. */
  public static final int RESCALE_SLOPE = 0x0028_1053;

  /** RescaleType. */
  public static final int RESCALE_TYPE = 0x0028_1054;

  /** PixelMeasuresSequence. */
  public static final int PIXEL_MEASURES_SEQUENCE = 0x0028_9110;

  /** PixelValueTransformationSequence. */
  public static final int PIXEL_VALUE_TRANSFORMATION_SEQUENCE = 0x0028_9145;

  /** RequestedProcedureDescription. */
  public static final int REQUESTED_PROCEDURE_DESCRIPTION = 0x0032_1060;

  /** RequestedProcedureCodeSequence. */
  public static final int REQUESTED_PROCEDURE_CODE_SEQUENCE = 0x0032_1064;

  /** PerformedProcedureStepDescription. */
  public static final int PERFORMED_PROCEDURE_STEP_DESCRIPTION = 0x0040_0254;

  /** RealWorldValueMappingSequence. */
  public static final int REAL_WORLD_VALUE_MAPPING_SEQUENCE = 0x0040_9096;

  /** NumberOfSlices. */
  public static final int NUMBER_OF_SLICES = 0x0054_0081;

  /** Units. */
  public static final int UNITS = 0x0054_1001;

  /** SegmentationType. */
  public static final int SEGMENTATION_TYPE = 0x0062_0001;

  /** ModalityLUTSequence. */
  public static final int MODALITY_LUT_SEQUENCE = 0x0028_3000;

  /** LUTDescriptor. */
  public static final int LUT_DESCRIPTOR = 0x0028_3002;

  /** LUTData. */
  public static final int LUT_DATA = 0x0028_3006;

  /** SegmentSequence. */
  public static final int SEGMENT_SEQUENCE = 0x0062_0002;

  /** SegmentNumber. */
  public static final int SEGMENT_NUMBER = 0x0062_0004;

  /** SegmentLabel. */
  public static final int SEGMENT_LABEL = 0x0062_0005;

  /** GridFrameOffsetVector. */
  public static final int GRID_FRAME_OFFSET_VECTOR = 0x3004_000C;

  /** DoseGridScaling. */
  public static final int DOSE_GRID_SCALING = 0x3004_000E;

  /** SharedFunctionalGroupsSequence. */
  public static final int SHARED_FUNCTIONAL_GROUPS_SEQUENCE = 0x5200_9229;

  /** PerFrameFunctionalGroupsSequence. */
  public static final int PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = 0x5200_9230;

  /** FloatPixelData. */
  public static final int FLOAT_PIXEL_DATA = 0x7FE0_0008;

  /** DoubleFloatPixelData. */
  public static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE0_0009;

  /** PixelData. */
  public static final int PIXEL_DATA = 0x7FE0_0010;

  /** Item. */
  public static final int ITEM = 0xFFFE_E000;

  /** ItemDelimitationItem. */
  public static final int ITEM_DELIMITATION_ITEM = 0xFFFE_E00D;

  /** SequenceDelimitationItem. */
  public static final int SEQUENCE_DELIMITATION_ITEM = 0xFFFE_E0DD;

  private Tag() {}

  /** The tag as people write it: {@code (0020,0032)}. */
  public static String toString(int tag) {
    return String.format("(%04X,%04X)", tag >>> 16, tag & 0xffff);
  }
}
