package io.radnet.imaging.segmentation;

/** Tags of the segmentation IOD (DICOM PS3.3 A.51) that nothing else uses. */
final class SegmentationTag {
  static final int POSITION_REFERENCE_INDICATOR = 0x0020_1040;
  static final int STUDY_ID = 0x0020_0010;
  static final int CONTENT_TIME = 0x0008_0033;
  static final int SOFTWARE_VERSIONS = 0x0018_1020;
  static final int SERIES_DESCRIPTION = 0x0008_103E;
  static final int REFERENCED_INSTANCE_SEQUENCE = 0x0008_114A;
  static final int REFERENCED_FRAME_NUMBER = 0x0008_1160;
  static final int SOURCE_IMAGE_SEQUENCE = 0x0008_2112;
  static final int DERIVATION_IMAGE_SEQUENCE = 0x0008_9124;
  static final int DERIVATION_CODE_SEQUENCE = 0x0008_9215;
  static final int DIMENSION_ORGANIZATION_UID = 0x0020_9164;
  static final int DIMENSION_INDEX_POINTER = 0x0020_9165;
  static final int FUNCTIONAL_GROUP_POINTER = 0x0020_9167;
  static final int DIMENSION_DESCRIPTION_LABEL = 0x0020_9421;
  static final int FRAME_CONTENT_SEQUENCE = 0x0020_9111;
  static final int PLANE_POSITION_SEQUENCE = 0x0020_9113;
  static final int PLANE_ORIENTATION_SEQUENCE = 0x0020_9116;
  static final int PIXEL_MEASURES_SEQUENCE = 0x0028_9110;
  static final int SPATIAL_LOCATIONS_PRESERVED = 0x0028_135A;
  static final int LOSSY_IMAGE_COMPRESSION = 0x0028_2110;
  static final int PURPOSE_OF_REFERENCE_CODE_SEQUENCE = 0x0040_A170;
  static final int CONTENT_LABEL = 0x0070_0080;
  static final int CONTENT_DESCRIPTION = 0x0070_0081;
  static final int CONTENT_CREATOR_NAME = 0x0070_0084;
  static final int SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE = 0x0062_0003;
  static final int SEGMENT_DESCRIPTION = 0x0062_0006;
  static final int SEGMENT_ALGORITHM_TYPE = 0x0062_0008;
  static final int SEGMENT_ALGORITHM_NAME = 0x0062_0009;
  static final int SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062_000A;
  static final int REFERENCED_SEGMENT_NUMBER = 0x0062_000B;
  static final int RECOMMENDED_DISPLAY_CIELAB_VALUE = 0x0062_000D;
  static final int MAXIMUM_FRACTIONAL_VALUE = 0x0062_000E;
  static final int SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE = 0x0062_000F;

  private SegmentationTag() {}
}
