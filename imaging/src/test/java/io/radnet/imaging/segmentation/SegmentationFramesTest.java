package io.radnet.imaging.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Geometry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where frames of other programs lie. */
final class SegmentationFramesTest {
  private static final int SIDE = 4;
  private static final Geometry GRID = Geometry.axisAligned(SIDE, SIDE, 3, 1, 1, 2);

  /** Two frames of a square, with these cosines. */
  private static SegmentationFrames frames(Object... cosines) throws IOException {
    List<WritableDataset> perFrame = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      WritableDataset place = new WritableDataset();
      place.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, 2.0 * k);
      WritableDataset segment =
          new WritableDataset().put(SegmentationTag.REFERENCED_SEGMENT_NUMBER, VR.US, 1);
      perFrame.add(
          new WritableDataset()
              .putSequence(SegmentationTag.PLANE_POSITION_SEQUENCE, List.of(place))
              .putSequence(SegmentationTag.SEGMENT_IDENTIFICATION_SEQUENCE, List.of(segment)));
    }
    WritableDataset plane =
        new WritableDataset().put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, cosines);
    WritableDataset measures = new WritableDataset().put(Tag.PIXEL_SPACING, VR.DS, 1.0, 1.0);
    WritableDataset shared = new WritableDataset();
    shared.putSequence(SegmentationTag.PLANE_ORIENTATION_SEQUENCE, List.of(plane));
    shared.putSequence(SegmentationTag.PIXEL_MEASURES_SEQUENCE, List.of(measures));
    WritableDataset object =
        new WritableDataset()
            .put(Tag.SOP_CLASS_UID, VR.UI, SegmentationWriter.SOP_CLASS_UID)
            .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3")
            .put(Tag.NUMBER_OF_FRAMES, VR.IS, 2)
            .put(Tag.ROWS, VR.US, SIDE)
            .put(Tag.COLUMNS, VR.US, SIDE)
            .put(Tag.SEGMENTATION_TYPE, VR.CS, "BINARY")
            .putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared))
            .putSequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, perFrame)
            .put(Tag.PIXEL_DATA, VR.OB, new byte[4]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, object, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    return new SegmentationFrames(
        DicomReader.read(new InstanceSource.Memory("seg", out.toByteArray())));
  }

  /** Its first and last corners are those of the image. */
  @Test
  void aTransposedSquareDoesNotLieOnItsImage() throws IOException {
    SegmentationFrames straight = frames(1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
    assertThat(straight.liesOn(straight.all(), GRID)).isTrue();
    SegmentationFrames transposed = frames(0.0, 1.0, 0.0, 1.0, 0.0, 0.0);
    assertThat(transposed.liesOn(transposed.all(), GRID)).isFalse();
  }

  @Test
  void cosinesOfAnotherLengthAreOneOrientation() throws IOException {
    SegmentationFrames frames = frames(0.99, 0.0, 0.0, 0.0, 0.99, 0.0);
    Geometry grid = frames.grid(frames.all());
    assertThat(grid.depth()).isEqualTo(2);
    assertThat(grid.spacing(0)).isCloseTo(1, within(1e-9));
  }
}
