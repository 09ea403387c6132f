package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Geometry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What makes one volume of several, or several of one, beyond orientation, size and echo time. */
class SplittingTest {
  private static final int SIDE = 4;

  private final List<InstanceSource> sources = new ArrayList<>();

  @Test
  void kindsOfRawDataThatGeKeepsPrivatelyAreVolumes() throws IOException {
    for (int k = 0; k < 3; k++) {
      for (int kind = 0; kind < 4; kind++) {
        WritableDataset image = slice(4 * k + kind, 5.0 * k);
        image.put(0x0043_0010, VR.LO, "GEMS_PARM_01").put(0x0043_102F, VR.SS, kind);
        add(image, 10 * kind);
      }
    }
    assertThat(firstValues(assemble())).containsExactlyInAnyOrder(0, 10, 20, 30);
  }

  @Test
  void seriesNumbersUnderOneUidAreStacks() throws IOException {
    for (int number = 1; number <= 2; number++) {
      for (int k = 0; k < 3; k++) {
        WritableDataset image = slice(k, 5.0 * k).put(Tag.SERIES_NUMBER, VR.IS, number);
        image.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.9." + number + "." + k);
        image.put(0x0008_0032, VR.TM, "10000" + number);
        add(image, number);
      }
    }
    assertThat(firstValues(assemble())).containsExactly(1, 2);
  }

  @Test
  void copiesInSeveralSeriesNumbersCountOnce() throws IOException {
    for (int number = 1; number <= 2; number++) {
      WritableDataset image = slice(0, 0).put(Tag.SERIES_NUMBER, VR.IS, number);
      add(image.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.9." + number), 7);
    }
    assertThat(assemble()).hasSize(1);
  }

  @Test
  void aSecondReconstructionIsNoCopy() throws IOException {
    for (int k = 0; k < 3; k++) {
      for (int other = 0; other < 3; other++) {
        WritableDataset image = slice(k, 5.0 * k).put(Tag.INSTANCE_NUMBER, VR.IS, k + 1);
        image.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.9." + other + "." + k);
        image.put(Tag.CONVOLUTION_KERNEL, VR.SH, other == (k == 1 ? 0 : 1) ? "B60f" : "B30f");
        if (other == 2) {
          image.put(Tag.PIXEL_SPACING, VR.DS, 0.25, 0.4);
        }
        add(image, 100 * other + k);
      }
    }
    List<SeriesVolume> volumes = assemble();
    assertThat(volumes).extracting(volume -> volume.stack().frames().size()).containsOnly(3);
    assertThat(firstValues(volumes)).containsExactly(0, 100, 200);
    assertThat(volumes.get(0).volume().value(SIDE * SIDE)).as("same kernel").isEqualTo(101);
    assertThat(volumes.get(0).stack().duplicates()).isZero();
  }

  @Test
  void aStoreOfOneFilePerFolderIsOneSeriesEvenWhereNumbersRepeat() throws IOException {
    for (int echo = 0; echo < 2; echo++) {
      for (int k = 0; k < 5; k++) {
        WritableDataset image = slice(k, 5.0 * k).put(Tag.ECHO_TIME, VR.DS, 10.0 + echo);
        image.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.9." + echo + "." + k);
        String name = String.format("%02x/object", 37 * sources.size());
        sources.add(new InstanceSource.Memory(name, bytes(image, pixels(1, echo))));
      }
    }
    assertThat(firstValues(assemble())).containsExactly(0, 1);
  }

  @Test
  void withoutUidsTheNumbersTellSeriesApart() throws IOException {
    for (int number = 1; number <= 2; number++) {
      for (int k = 0; k < 2; k++) {
        WritableDataset image = slice(k, k).put(Tag.SERIES_NUMBER, VR.IS, number);
        add(image.remove(Tag.SERIES_INSTANCE_UID).remove(Tag.SOP_INSTANCE_UID), number);
      }
    }
    assertThat(SeriesScanner.group(sources, 1).series()).hasSize(2);
  }

  @Test
  void patientsAndStudiesUnderOneUidOrNoneAreSeries() throws IOException {
    for (boolean uids : new boolean[] {true, false}) {
      sources.clear();
      for (int k = 0; k < 6; k++) {
        WritableDataset image = slice(k, k).put(Tag.PATIENT_ID, VR.LO, "P" + k % 3 / 2);
        image.put(Tag.STUDY_INSTANCE_UID, VR.UI, "1.7." + k % 3);
        add(uids ? image : image.remove(Tag.SERIES_INSTANCE_UID), k);
      }
      List<Series> found = SeriesScanner.group(sources, 1).series();
      assertThat(found).hasSize(3);
      assertThat(found.get(2).instances())
          .extracting(Instance::instanceNumber)
          .containsExactly(3, 6);
    }
  }

  @Test
  void oneInstanceUidForAllSlicesLosesNone() throws IOException {
    for (int k = 0; k < 5; k++) {
      add(slice(k, 3.0 * k).put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3"), k);
    }
    List<SeriesVolume> volumes = assemble();
    assertThat(volumes).hasSize(1);
    assertThat(volumes.get(0).stack().frames()).hasSize(5);
    assertThat(volumes.get(0).stack().duplicates()).isZero();
  }

  /** 0.0049 and 0.0051 lie on both sides of a boundary between hundredths. */
  @Test
  void placesThatDifferByRoundingAreOnePlace() throws IOException {
    for (int time = 0; time < 2; time++) {
      for (int k = 0; k < 3; k++) {
        add(slice(3 * time + k, 5.0 * k + (time == 0 ? 0.0049 : 0.0051)), 10 * time + k);
      }
    }
    List<SeriesVolume> volumes = assemble();
    assertThat(firstValues(volumes)).containsExactly(0, 10);
    assertThat(volumes.get(0).stack().uniform()).isTrue();
  }

  @Test
  void copiesWhosePlacesDifferByRoundingAreCopies() throws IOException {
    for (int k = 0; k < 3; k++) {
      add(slice(k, 5.0 * k + 0.0049), k);
      WritableDataset copy = slice(k, 5.0 * k + 0.0051);
      copy.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0049, 0.0, -0.0051, 1.0, 0.0);
      add(copy.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3.4." + k), k);
    }
    assertThat(assemble().get(0).stack().duplicates()).isEqualTo(3);
  }

  @Test
  void blocksThatOverlapByHalfAStepAreVolumesAndThoseWithAGapAreNot() throws IOException {
    for (double second : new double[] {17.5, 50}) {
      sources.clear();
      for (int k = 0; k < 10; k++) {
        WritableDataset image = slice(k, k < 5 ? 5.0 * k : second + 5.0 * (k - 5));
        add(image.put(Tag.ACQUISITION_NUMBER, VR.IS, 1 + k / 5), k);
      }
      assertThat(assemble())
          .extracting(volume -> volume.stack().frames().size())
          .containsExactly(second == 50 ? new Integer[] {10} : new Integer[] {5, 5});
    }
  }

  /** Slices 1, 3, 5 and 2, 4, 6, 8: the seventh is missing. */
  @Test
  void interleavedAcquisitionsStayOneVolumeWithItsGap() throws IOException {
    for (int k : new int[] {0, 1, 2, 3, 4, 5, 7}) {
      add(slice(k, 5.0 * k).put(Tag.ACQUISITION_NUMBER, VR.IS, 1 + k % 2), k);
    }
    List<SeriesVolume> volumes = assemble();
    assertThat(volumes).hasSize(1);
    assertThat(volumes.get(0).stack().gaps()).isEqualTo(1);
  }

  @Test
  void imagesOfSingleCoilsAreVolumesInWhateverOrder() throws IOException {
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < 2; i++) {
        int coil = (k + i) % 2;
        WritableDataset image = slice(2 * k + i, 5.0 * k);
        add(image.put(0x0018_1250, VR.SH, "HEAD " + coil), 100 * coil + k);
      }
    }
    List<SeriesVolume> volumes = assemble();
    assertThat(firstValues(volumes)).containsExactly(0, 100);
    assertThat(volumes.get(1).volume().value(SIDE * SIDE)).isEqualTo(101);
  }

  @Test
  void coilsAlongAMovingTableAreNoVolumes() throws IOException {
    for (int k = 0; k < 3; k++) {
      for (int time = 0; time < 2; time++) {
        WritableDataset image = slice(2 * k + time, 5.0 * k);
        add(image.put(0x0018_1250, VR.SH, k == 0 ? "NECK" : "HEAD"), 100 * time + k);
      }
    }
    assertThat(firstValues(assemble())).containsExactly(0, 100);
  }

  @Test
  void withoutImageNumbersTheTimesTellTheOrder() throws IOException {
    for (int i = 0; i < 6; i++) {
      int time = 1 - i / 3;
      WritableDataset image = slice(i, 5.0 * (i % 3)).remove(Tag.INSTANCE_NUMBER);
      add(image.put(0x0008_0032, VR.TM, "10000" + time), 100 * time + i % 3);
    }
    assertThat(firstValues(assemble())).containsExactly(0, 100);
  }

  @Test
  void aCopyStandsInForADamagedSlice() throws IOException {
    for (int k = 0; k < 3; k++) {
      byte[] whole = bytes(slice(k, 3.0 * k), pixels(1, 10 * k));
      boolean damaged = k == 1;
      sources.add(
          new InstanceSource.Memory(
              "s/" + k + "a", damaged ? Arrays.copyOf(whole, whole.length - 8) : whole));
      sources.add(new InstanceSource.Memory("s/" + k + "b", whole));
    }
    SeriesVolume volume = assemble().get(0);
    assertThat(volume.volume().value(SIDE * SIDE)).isEqualTo(10);
    assertThat(volume.stack().warnings())
        .containsExactly("3 frames are copies of others and were left out");
  }

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

  @Test
  void aSingleSliceIsSpacedAsItsHeaderSays() throws IOException {
    WritableDataset image = slice(0, 0).put(Tag.SLICE_THICKNESS, VR.DS, 5.0);
    add(image.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, 7.5), 0);
    assertThat(assemble().get(0).volume().geometry().spacing(2)).isCloseTo(7.5, within(1e-9));
  }

  @Test
  void aMosaicWithoutPrivateBlocksIsTakenApartByItsAcquisitionMatrix() throws IOException {
    WritableDataset sheet = slice(0, 0);
    sheet.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC");
    sheet.put(Tag.ACQUISITION_MATRIX, VR.US, 2, 0, 0, 2).put(Tag.SLICE_THICKNESS, VR.DS, 3.0);
    add(sheet, 0);
    Geometry grid = assemble().get(0).volume().geometry();
    assertThat(new int[] {grid.width(), grid.height(), grid.depth()}).containsExactly(2, 2, 4);
  }

  /** The bytes of 54 are the letter 6 and a zero. */
  @Test
  void theCountOfAMosaicIsANumberWhereTheFileSaysNoVr() throws IOException {
    WritableDataset sheet = slice(0, 0);
    sheet.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC");
    sheet.put(Tag.ROWS, VR.US, 8).put(Tag.COLUMNS, VR.US, 8);
    sheet.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, 3.0);
    sheet.put(0x0019_0010, VR.LO, "SIEMENS MR HEADER");
    WritableDataset unknown = sheet.put(0x0019_100A, VR.UN, (Object) new byte[] {0x36, 0});
    sources.add(new InstanceSource.Memory("s/1", bytes(unknown, pixels(4, 0))));
    assertThat(VolumeAssembler.stacks(series()).get(0).frames()).hasSize(54);
    sources.clear();
    WritableDataset implicit = sheet.put(0x0019_100A, VR.US, 54);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, implicit, DicomWriter.IMPLICIT_LITTLE_ENDIAN);
    sources.add(new InstanceSource.Memory("s/2", out.toByteArray()));
    assertThat(VolumeAssembler.stacks(series()).get(0).frames()).hasSize(54);
  }

  @Test
  void privateNumbersAreReadWhereTheFileSaysNoVr() throws IOException {
    WritableDataset image = slice(0, 0);
    image.put(0x0043_0010, VR.LO, "GEMS_PARM_01").put(0x0043_102F, VR.SS, 1);
    image.put(0x2001_0010, VR.LO, "Philips Imaging DD 001").put(0x2001_1003, VR.FL, 700.0);
    FrameGroup group = implicitGroup(image);
    assertThat(group.component()).isEqualTo("/PHASE");
    assertThat(group.bValue()).isEqualTo(700);
    image.remove(0x2001_0010).remove(0x2001_1003);
    image.put(0x0065_0010, VR.LO, "Image Private Header").put(0x0065_1009, VR.FD, 800.0);
    assertThat(implicitGroup(image).bValue()).isEqualTo(800);
  }

  private static FrameGroup implicitGroup(WritableDataset image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, image, DicomWriter.IMPLICIT_LITTLE_ENDIAN);
    InstanceSource source = new InstanceSource.Memory("s", out.toByteArray());
    return Instance.read(source, "s").frames().get(0).group();
  }

  private static List<Integer> firstValues(List<SeriesVolume> volumes) {
    return volumes.stream().map(volume -> (int) volume.volume().value(0)).toList();
  }

  private Series series() {
    ScanResult scan = SeriesScanner.group(sources, 1);
    assertThat(scan.skipped()).isEmpty();
    assertThat(scan.series()).hasSize(1);
    return scan.series().get(0);
  }

  private List<SeriesVolume> assemble() {
    return VolumeAssembler.assemble(series());
  }

  private void add(WritableDataset image, int value) throws IOException {
    add(image, pixels(1, value));
  }

  private void add(WritableDataset image, byte[] pixels) throws IOException {
    String name = String.format("s/%03d", sources.size());
    sources.add(new InstanceSource.Memory(name, bytes(image, pixels)));
  }

  static byte[] bytes(WritableDataset image, byte[] pixels) throws IOException {
    image.put(Tag.PIXEL_DATA, VR.OW, pixels);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    return out.toByteArray();
  }

  /** Frames whose pixels all have one value, which counts up from frame to frame. */
  private static byte[] pixels(int frames, int value) {
    ByteBuffer pixels = ByteBuffer.allocate(frames * SIDE * SIDE * 2);
    pixels.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames * SIDE * SIDE; i++) {
      pixels.putShort((short) (value + i / (SIDE * SIDE)));
    }
    return pixels.array();
  }

  static WritableDataset enhanced(List<WritableDataset> frames) {
    WritableDataset image = slice(0, 0);
    image.remove(Tag.IMAGE_POSITION_PATIENT).remove(Tag.IMAGE_ORIENTATION_PATIENT);
    WritableDataset plane = new WritableDataset();
    plane.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
    WritableDataset measures = new WritableDataset().put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.8);
    WritableDataset shared = new WritableDataset();
    shared.putSequence(Tag.PLANE_ORIENTATION_SEQUENCE, List.of(plane));
    shared.putSequence(Tag.PIXEL_MEASURES_SEQUENCE, List.of(measures));
    image.putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared));
    image.putSequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
    image.putSequence(
        Tag.DIMENSION_INDEX_SEQUENCE,
        List.of(
            new WritableDataset().put(0x0020_9165, VR.AT, 0x0020_9057),
            new WritableDataset().put(0x0020_9165, VR.AT, 0x0020_9153)));
    return image.put(Tag.NUMBER_OF_FRAMES, VR.IS, frames.size());
  }

  static WritableDataset frame(double z, int slice, int index) {
    WritableDataset place = new WritableDataset();
    place.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, z);
    WritableDataset content = new WritableDataset();
    content.put(Tag.DIMENSION_INDEX_VALUES, VR.UL, slice, index);
    return new WritableDataset()
        .putSequence(Tag.PLANE_POSITION_SEQUENCE, List.of(place))
        .putSequence(Tag.FRAME_CONTENT_SEQUENCE, List.of(content));
  }

  static WritableDataset slice(int number, double z) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + number)
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.4")
        .put(Tag.MODALITY, VR.CS, "MR")
        .put(Tag.INSTANCE_NUMBER, VR.IS, number + 1)
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, z)
        .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        .put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.8)
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.ROWS, VR.US, SIDE)
        .put(Tag.COLUMNS, VR.US, SIDE)
        .put(Tag.BITS_ALLOCATED, VR.US, 16)
        .put(Tag.BITS_STORED, VR.US, 16)
        .put(Tag.HIGH_BIT, VR.US, 15)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0);
  }
}
