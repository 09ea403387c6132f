package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Geometry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects of many frames: enhanced ones, reconstructions, loops and slides. */
class MultiFrameTest extends MrFiles {
  @Test
  void complexPartsOfAnEnhancedObjectAreVolumes() throws IOException {
    List<WritableDataset> frames = new ArrayList<>();
    for (int f = 0; f < 6; f++) {
      WritableDataset type = new WritableDataset().put(Tag.FRAME_TYPE, VR.CS, "ORIGINAL");
      type.put(Tag.COMPLEX_IMAGE_COMPONENT, VR.CS, f % 2 == 0 ? "MAGNITUDE" : "PHASE");
      WritableDataset frame = frame(3.0 * (f / 2), 1 + f / 2, 1);
      frames.add(frame.putSequence(Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE, List.of(type)));
    }
    add(enhanced(frames), pixels(6, 100));
    assertThat(firstValues(assemble())).containsExactly(100, 101);
  }

  @Test
  void dimensionIndicesPutFramesInOrderThatTheFileHasNot() throws IOException {
    // frames of (slice, trigger delay), the second slice's in reverse
    int[][] order = {{1, 1}, {1, 2}, {1, 3}, {2, 3}, {2, 2}, {2, 1}};
    List<WritableDataset> frames = new ArrayList<>();
    for (int[] indices : order) {
      frames.add(frame(4.0 * indices[0], indices[0], indices[1]));
    }
    add(enhanced(frames), pixels(6, 0));
    List<SeriesVolume> volumes = assemble();
    assertThat(volumes).hasSize(3);
    assertThat(volumes.get(0).volume().value(0)).isZero();
    assertThat(volumes.get(0).volume().value(SIDE * SIDE)).isEqualTo(5);
    assertThat(volumes.get(2).volume().value(SIDE * SIDE)).isEqualTo(3);
  }

  @Test
  void anEnhancedObjectMayKeepPlaneSpacingAndRescaleInItsRoot() throws IOException {
    WritableDataset image = enhanced(List.of(frame(0, 1, 1), frame(4, 2, 1)));
    image.remove(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    image.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0);
    image.put(Tag.RESCALE_SLOPE, VR.DS, 2.0).put(Tag.RESCALE_INTERCEPT, VR.DS, -1024.0);
    add(image, pixels(2, 5));
    SeriesVolume volume = assemble().get(0);
    Geometry grid = volume.volume().geometry();
    assertThat(grid.spacing(0)).isCloseTo(0.8, within(1e-9));
    assertThat(grid.direction(0)).containsExactly(new double[] {0, 1, 0}, within(1e-9));
    assertThat(volume.volume().value(0)).as("the upper frame comes first").isEqualTo(12 - 1024.0);
  }

  @Test
  void anExcerptMayCarryTheGroupsOfMoreFramesThanItHas() throws IOException {
    List<WritableDataset> frames = new ArrayList<>();
    for (int f = 0; f < 3; f++) {
      frames.add(frame(4.0 * f, 1 + f, 1));
    }
    add(enhanced(frames).put(Tag.NUMBER_OF_FRAMES, VR.IS, 1), pixels(1, 5));
    assertThat(assemble().get(0).volume().geometry().depth()).isEqualTo(1);
  }

  @Test
  void plainFramesOfAReconstructionStepAlongTheNormal() throws IOException {
    WritableDataset plane = new WritableDataset();
    plane.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 1.0, 2.0, 3.0);
    plane.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
    WritableDataset image = slice(0, 0);
    image.remove(Tag.IMAGE_POSITION_PATIENT).remove(Tag.IMAGE_ORIENTATION_PATIENT);
    image.putSequence(Tag.DETECTOR_INFORMATION_SEQUENCE, List.of(plane));
    image.put(Tag.NUMBER_OF_FRAMES, VR.IS, 3).put(Tag.SPACING_BETWEEN_SLICES, VR.DS, -2.5);
    image.put(Tag.FRAME_INCREMENT_POINTER, VR.AT, Tag.SLICE_VECTOR);
    image.put(Tag.SLICE_VECTOR, VR.US, 1, 2, 3);
    add(image, pixels(3, 0));
    SeriesVolume volume = assemble().get(0);
    assertThat(volume.volume().geometry().affine().apply(0, 0, 0))
        .containsExactly(new double[] {1, 2, -2}, within(1e-9));
    assertThat(volume.volume().value(0)).as("the last frame lies lowest").isEqualTo(2);
  }

  @Test
  void aCineLoopHasNoPlaceInSpace() throws IOException {
    WritableDataset image = slice(0, 0).put(Tag.NUMBER_OF_FRAMES, VR.IS, 3);
    image.put(Tag.FRAME_INCREMENT_POINTER, VR.AT, 0x0018_1063);
    add(image, pixels(3, 0));
    Stack stack = VolumeAssembler.stacks(series()).get(0);
    assertThat(stack.geometry()).isEmpty();
    Geometry grid = VolumeAssembler.assembleUnplaced(series(), stack).volume().geometry();
    assertThat(grid.depth()).isEqualTo(3);
    assertThat(grid.spacing(0)).isCloseTo(0.8, within(1e-9));
  }

  @Test
  void tilesOfAMicroscopeSlideShareTheSizeOfTheirPixels() throws IOException {
    WritableDataset measures = new WritableDataset().put(Tag.PIXEL_SPACING, VR.DS, 5e-4, 2.5e-4);
    WritableDataset image = slice(0, 0).put(Tag.NUMBER_OF_FRAMES, VR.IS, 3);
    image.remove(Tag.PIXEL_SPACING).remove(Tag.IMAGE_POSITION_PATIENT);
    image.putSequence(
        Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
        List.of(new WritableDataset().putSequence(Tag.PIXEL_MEASURES_SEQUENCE, List.of(measures))));
    add(image, pixels(3, 0));
    Stack stack = VolumeAssembler.stacks(series()).get(0);
    Geometry grid = VolumeAssembler.assembleUnplaced(series(), stack).volume().geometry();
    assertThat(grid.spacing(0)).isCloseTo(2.5e-4, within(1e-12));
    assertThat(grid.spacing(1)).isCloseTo(5e-4, within(1e-12));
  }
}
