package io.radnet.imaging.segmentation;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.series.Frame;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scan that a mask was drawn on.
 *
 * @param header of its first instance: patient and frame of reference
 * @param studyUid StudyInstanceUID
 * @param seriesUid SeriesInstanceUID
 * @param geometry of its volume
 * @param images the object and frame that shows each slice of the volume, in its order
 * @param warnings one line for each kind of UID that was absent and had to be made up
 */
public record SegmentationSource(
    DicomDataset header,
    String studyUid,
    String seriesUid,
    Geometry geometry,
    List<Image> images,
    List<String> warnings) {
  /**
   * One source image.
   *
   * @param sopClassUid its class
   * @param sopInstanceUid its UID
   * @param frame its number from 1 in a multi-frame object, else 0
   * @param position centre of the first voxel as its own header says, LPS mm; null where unknown.
   *     Where slices are missing or unevenly spaced, the volume's grid does not lie there
   */
  public record Image(
      String sopClassUid, String sopInstanceUid, int frame, double @Nullable [] position) {}

  /** Checks that each slice has its image. */
  public SegmentationSource {
    images = List.copyOf(images);
    warnings = List.copyOf(warnings);
    if (images.size() != geometry.depth()) {
      throw new IllegalArgumentException(
          "images: " + images.size() + " (expected: one per slice, " + geometry.depth() + ")");
    }
  }

  /**
   * The source of a mask on a stack's grid. A SEG must name its study, series and images: where an
   * anonymised scan lacks such a UID, one is made up from the scan's geometry and order, the same
   * for the same scan, and a warning says so.
   *
   * @throws InvalidInputException where the stack has no place in space
   */
  public static SegmentationSource of(Stack stack) {
    Frame first = stack.first();
    Geometry geometry =
        stack
            .geometry()
            .orElseThrow(
                () -> new InvalidInputException(first.instance().path(), "has no place in space"));
    DicomDataset header = first.instance().header().dataset();
    List<String> warnings = new ArrayList<>();
    String scan = stack.frames().size() + " " + geometry;
    String study = uid(header, Tag.STUDY_INSTANCE_UID, "StudyInstanceUID", scan, warnings);
    String series = uid(header, Tag.SERIES_INSTANCE_UID, "SeriesInstanceUID", scan, warnings);
    List<Image> images = new ArrayList<>();
    boolean absent = false;
    for (Frame frame : stack.frames()) {
      String sop = frame.instance().sopInstanceUid();
      absent |= sop.isEmpty();
      List<Frame> all = frame.instance().frames();
      Frame last = all.get(all.size() - 1);
      boolean many = all.size() > 1 && last.tileX() + last.tileY() == 0; // tiles are one frame
      images.add(
          new Image(
              frame.instance().sopClassUid(),
              sop.isEmpty() ? SegmentationWriter.uid("image " + images.size(), scan) : sop,
              many ? frame.index() + 1 : 0,
              frame.position()));
    }
    if (absent) {
      warnings.add(madeUp("SOPInstanceUID"));
    }
    return new SegmentationSource(header, study, series, geometry, images, warnings);
  }

  private static String uid(
      DicomDataset header, int tag, String keyword, String scan, List<String> warnings) {
    return header
        .string(tag)
        .orElseGet(
            () -> {
              warnings.add(madeUp(keyword));
              return SegmentationWriter.uid(keyword, scan);
            });
  }

  private static String madeUp(String keyword) {
    return keyword + " is absent from the scan; the DICOM SEG refers to one that was made up";
  }
}
