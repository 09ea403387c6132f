package io.radnet.imaging.segmentation;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.series.Frame;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.List;

/**
 * The scan that a mask was drawn on.
 *
 * @param header of its first instance: study, patient and frame of reference
 * @param geometry of its volume
 * @param images the object and frame that shows each slice of the volume, in its order
 */
public record SegmentationSource(DicomDataset header, Geometry geometry, List<Image> images) {
  /**
   * One source image.
   *
   * @param sopClassUid its class
   * @param sopInstanceUid its UID
   * @param frame its number from 1 in a multi-frame object, else 0
   */
  public record Image(String sopClassUid, String sopInstanceUid, int frame) {}

  /** Checks that each slice has its image. */
  public SegmentationSource {
    images = List.copyOf(images);
    if (images.size() != geometry.depth()) {
      throw new IllegalArgumentException(
          "images: " + images.size() + " (expected: one per slice, " + geometry.depth() + ")");
    }
  }

  /**
   * The source of a mask on a stack's grid.
   *
   * @throws InvalidInputException where the stack has no place in space, or its objects lack the
   *     UIDs by which a SEG refers to them
   */
  public static SegmentationSource of(Stack stack) {
    Frame first = stack.first();
    String path = first.instance().path();
    Geometry geometry =
        stack
            .geometry()
            .orElseThrow(() -> new InvalidInputException(path, "has no place in space"));
    DicomDataset header = first.instance().header().dataset();
    for (int tag : new int[] {Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID}) {
      if (header.string(tag).isEmpty()) {
        throw new InvalidInputException(
            path, Tag.toString(tag) + " is absent, and a DICOM SEG must name it (ask for NIfTI)");
      }
    }
    List<Image> images = new ArrayList<>();
    for (Frame frame : stack.frames()) {
      if (frame.instance().sopInstanceUid().isEmpty()) {
        throw new InvalidInputException(
            frame.instance().path(),
            "SOPInstanceUID is absent, and a DICOM SEG must refer to it (ask for NIfTI)");
      }
      boolean many = frame.instance().frames().size() > 1 && frame.tileX() + frame.tileY() == 0;
      images.add(
          new Image(
              frame.instance().sopClassUid(),
              frame.instance().sopInstanceUid(),
              many ? frame.index() + 1 : 0));
    }
    return new SegmentationSource(header, geometry, images);
  }
}
