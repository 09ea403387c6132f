package io.radnet.imaging.series;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frames of an enhanced multi-frame object, from its functional groups. */
final class EnhancedFrames {
  private static final int FRAME_ACQUISITION_NUMBER = 0x0020_9156;
  private static final int DIMENSION_INDEX_POINTER = 0x0020_9165;
  private static final int IN_STACK_POSITION_NUMBER = 0x0020_9057;

  private EnhancedFrames() {}

  static List<Frame> of(
      Instance instance, DicomDataset dataset, List<DicomDataset> perFrame, int rows, int columns) {
    List<DicomDataset> sharedItems = dataset.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    DicomDataset shared = sharedItems.isEmpty() ? null : sharedItems.get(0);
    List<Frame> frames = new ArrayList<>();
    // An excerpt may still carry the groups of all frames that the whole had.
    int count = Math.min(dataset.integer(Tag.NUMBER_OF_FRAMES).orElse(1), perFrame.size());
    boolean[] inSpace = dimensionsInSpace(dataset);
    for (int i = 0; i < count && i < FrameReader.MAXIMUM_FRAMES; i++) {
      Groups groups = new Groups(perFrame.get(i), shared);
      DicomDataset place = groups.get(Tag.PLANE_POSITION_SEQUENCE);
      // Converters leave these three in the root, as classic images have them.
      DicomDataset plane = groups.getOr(dataset, Tag.PLANE_ORIENTATION_SEQUENCE);
      DicomDataset measures = groups.getOr(dataset, Tag.PIXEL_MEASURES_SEQUENCE);
      DicomDataset transformation = groups.getOr(dataset, Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
      DicomDataset echo = groups.get(Tag.MR_ECHO_SEQUENCE);
      DicomDataset diffusion = groups.get(Tag.MR_DIFFUSION_SEQUENCE);
      DicomDataset content = groups.get(Tag.FRAME_CONTENT_SEQUENCE);
      double[] spacing = FrameReader.spacing(measures);
      frames.add(
          new Frame(
              instance,
              i,
              0,
              0,
              rows,
              columns,
              place == null ? null : FrameReader.vector(place, Tag.IMAGE_POSITION_PATIENT, 3),
              FrameReader.orientation(plane),
              spacing[0],
              spacing[1],
              FrameReader.sliceDistance(measures),
              FrameReader.rescaleSlope(transformation),
              transformation.number(Tag.RESCALE_INTERCEPT).orElse(0),
              new FrameGroup(
                  groups.component(),
                  echo == null
                      ? Double.NaN
                      : echo.number(Tag.EFFECTIVE_ECHO_TIME).orElse(Double.NaN),
                  diffusion == null
                      ? Double.NaN
                      : diffusion.number(Tag.DIFFUSION_B_VALUE).orElse(Double.NaN),
                  content == null ? 0 : content.integer(Tag.TEMPORAL_POSITION_INDEX).orElse(0),
                  content == null ? 0 : content.integer(FRAME_ACQUISITION_NUMBER).orElse(0),
                  content == null ? "" : dimensions(content, inSpace))));
    }
    return frames;
  }

  /** Which of the dimensions that index frames tell the place of a frame and no more. */
  private static boolean[] dimensionsInSpace(DicomDataset dataset) {
    List<DicomDataset> dimensions = dataset.items(Tag.DIMENSION_INDEX_SEQUENCE);
    boolean[] inSpace = new boolean[dimensions.size()];
    for (int i = 0; i < inSpace.length; i++) {
      long pointer = (long) dimensions.get(i).number(DIMENSION_INDEX_POINTER).orElse(0);
      inSpace[i] = pointer == IN_STACK_POSITION_NUMBER || pointer == Tag.IMAGE_POSITION_PATIENT;
    }
    return inSpace;
  }

  private static String dimensions(DicomDataset content, boolean[] inSpace) {
    double[] values = content.numbers(Tag.DIMENSION_INDEX_VALUES);
    if (values.length != inSpace.length) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (!inSpace[i]) {
        text.append(1_000_000_000L + (long) values[i]).append(' '); // in order as text, too
      }
    }
    return text.toString().intern();
  }

  /** The functional groups of one frame: its own before the shared ones. */
  private record Groups(DicomDataset own, @Nullable DicomDataset shared) {
    private static final int[] FRAME_TYPES = {
      Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE,
      Tag.CT_IMAGE_FRAME_TYPE_SEQUENCE,
      Tag.PET_FRAME_TYPE_SEQUENCE
    };
    private static final int SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062_000A;
    private static final int REFERENCED_SEGMENT_NUMBER = 0x0062_000B;

    @Nullable DicomDataset get(int sequence) {
      List<DicomDataset> items = own.items(sequence);
      if (items.isEmpty() && shared != null) {
        items = shared.items(sequence);
      }
      return items.isEmpty() ? null : items.get(0);
    }

    /** The group, or the root dataset where the object has none. */
    DicomDataset getOr(DicomDataset root, int sequence) {
      DicomDataset group = get(sequence);
      return group == null ? root : group;
    }

    String component() {
      DicomDataset segment = get(SEGMENT_IDENTIFICATION_SEQUENCE);
      if (segment != null) {
        return "segment " + segment.integer(REFERENCED_SEGMENT_NUMBER).orElse(0);
      }
      for (int sequence : FRAME_TYPES) {
        DicomDataset type = get(sequence);
        if (type != null) {
          return FrameReader.component(type.strings(Tag.FRAME_TYPE))
              + FrameReader.complexPart(type);
        }
      }
      return "";
    }
  }
}
