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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What makes one volume of several, or several of one, beyond orientation, size and echo time. */
class SplittingTest extends MrFiles {
  private static final int ACQUISITION_TIME = 0x0008_0032;

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
        image.put(ACQUISITION_TIME, VR.TM, "10000" + number);
        add(image, number);
      }
    }
    assertThat(firstValues(assemble())).containsExactly(1, 2);
  }

  @Test
  void copiesInSeveralSeriesNumbersCountOnce() throws IOException {
    for (int number = 1; number <= 2; number++) {
      WritableDataset image = slice(0, 0).put(Tag.SERIES_NUMBER, VR.IS, number);
      image.put(ACQUISITION_TIME, VR.TM, "120000");
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
      add(slice(k, 5.0 * k + 0.0049).put(ACQUISITION_TIME, VR.TM, "120000"), k);
      WritableDataset copy = slice(k, 5.0 * k + 0.0051).put(ACQUISITION_TIME, VR.TM, "120000");
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
      add(image.put(ACQUISITION_TIME, VR.TM, "10000" + time), 100 * time + i % 3);
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
  void aSingleSliceIsSpacedAsItsHeaderSays() throws IOException {
    WritableDataset image = slice(0, 0).put(Tag.SLICE_THICKNESS, VR.DS, 5.0);
    add(image.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, 7.5), 0);
    assertThat(assemble().get(0).volume().geometry().spacing(2)).isCloseTo(7.5, within(1e-9));
  }

  @Test
  void aMosaicWithoutPrivateBlocksIsTakenApartByItsAcquisitionMatrix() throws IOException {
    WritableDataset sheet = mosaic(SIDE);
    sheet.put(Tag.ACQUISITION_MATRIX, VR.US, 2, 0, 0, 2).put(Tag.SLICE_THICKNESS, VR.DS, 3.0);
    add(sheet, 0);
    Geometry grid = assemble().get(0).volume().geometry();
    assertThat(new int[] {grid.width(), grid.height(), grid.depth()}).containsExactly(2, 2, 4);
  }

  @Test
  void aMosaicOfPartialPhaseResolutionIsTakenApartByItsFrequencyMatrix() throws IOException {
    WritableDataset sheet = mosaic(12);
    sheet.put(Tag.ACQUISITION_MATRIX, VR.US, 0, 4, 3, 0).put(Tag.SLICE_THICKNESS, VR.DS, 3.0);
    sources.add(new InstanceSource.Memory("s/1", bytes(sheet, pixels(9, 0))));
    Stack stack = VolumeAssembler.stacks(series()).get(0);
    assertThat(stack.frames()).hasSize(9);
    assertThat(stack.frames().get(0).columns()).isEqualTo(4);
  }

  @Test
  void aMosaicThatKeptItsSliceTimesAloneHasAsManySlices() throws IOException {
    WritableDataset sheet = mosaic(12);
    sheet.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, 3.0);
    sheet.put(0x0019_0010, VR.LO, "SIEMENS MR HEADER");
    sheet.put(0x0019_1029, VR.FD, 0.0, 600.0, 100.0, 700.0, 200.0, 800.0, 300.0);
    sources.add(new InstanceSource.Memory("s/1", bytes(sheet, pixels(9, 0))));
    assertThat(VolumeAssembler.stacks(series()).get(0).frames()).hasSize(7);
  }

  /** The bytes of 54 are the letter 6 and a zero. */
  @Test
  void theCountOfAMosaicIsANumberWhereTheFileSaysNoVr() throws IOException {
    WritableDataset sheet = mosaic(8);
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

  /** Two positions of a patient in one series have nothing to do with each other. */
  @Test
  void framesOfReferenceAreStacksUnlessTheyGoOnEvenly() throws IOException {
    for (int k = 0; k < 8; k++) {
      WritableDataset image = slice(k, k < 4 ? 3.0 * k : 3.0 * k - 7.5);
      image.put(
          Tag.IMAGE_POSITION_PATIENT,
          VR.DS,
          k < 4 ? 0.0 : 9.0,
          0.0,
          k < 4 ? 3.0 * k : 3.0 * k - 7.5);
      add(image.put(Tag.FRAME_OF_REFERENCE_UID, VR.UI, k < 4 ? "1.2.5" : "1.2.6"), 10 * k);
    }
    List<SeriesVolume> volumes = assemble();
    assertThat(firstValues(volumes)).containsExactlyInAnyOrder(0, 40);
    assertThat(volumes).allMatch(volume -> volume.stack().uniform());

    sources.clear();
    for (int k = 0; k < 8; k++) {
      WritableDataset image = slice(k, 3.0 * k);
      add(image.put(Tag.FRAME_OF_REFERENCE_UID, VR.UI, k < 4 ? "1.2.5" : "1.2.6"), 10 * k);
    }
    assertThat(firstValues(assemble())).containsExactly(0);
  }

  /** As some anonymizers write it. */
  @Test
  void aFrameOfReferenceForEachImageIsNone() throws IOException {
    for (int k = 0; k < 5; k++) {
      add(slice(k, k < 4 ? 3.0 * k : 20).put(Tag.FRAME_OF_REFERENCE_UID, VR.UI, "1.2.5." + k), k);
    }
    assertThat(assemble()).hasSize(1);
  }
}
