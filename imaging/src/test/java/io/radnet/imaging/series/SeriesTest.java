package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Synthetic series whose geometry is known. */
class SeriesTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 6;
  private static final double[] AXIAL = {1, 0, 0, 0, 1, 0};

  private final List<InstanceSource> sources = new ArrayList<>();

  @Test
  void slicesInAnyOrderAreSortedAlongTheNormal() throws IOException {
    for (int k = 0; k < 5; k++) {
      add(slice(k, -10, 20, 7 + 2.5 * k), k);
    }
    Collections.shuffle(sources, new Random(3));
    SeriesVolume volume = single();
    Geometry grid = volume.volume().geometry();
    assertThat(grid.affine().apply(0, 0, 3))
        .containsExactly(new double[] {-10, 20, 14.5}, within(1e-9));
    assertThat(grid.affine().apply(1, 1, 0))
        .containsExactly(new double[] {-9.2, 20.5, 7}, within(1e-9));
    assertThat(volume.volume().value(3 * ROWS * COLUMNS)).isEqualTo(3 * 2 - 1000.0);
    assertThat(volume.volume().voxels()).isInstanceOf(Voxels.Int16.class);
    assertThat(volume.stack().uniform()).isTrue();
    assertThat(volume.stack().warnings()).isEmpty();
  }

  @Test
  void aTiltedStackKeepsItsShearAndSaysSo() throws IOException {
    double shift = 5 * Math.tan(Math.toRadians(14));
    for (int k = 0; k < 4; k++) {
      add(slice(k, 0, shift * k, 5 * k), k);
    }
    Stack stack = single().stack();
    assertThat(stack.tiltDegrees()).isCloseTo(14, within(1e-6));
    assertThat(stack.spacingMm().getAsDouble()).isCloseTo(5, within(1e-9));
    assertThat(stack.geometry().orElseThrow().sheared()).isTrue();
    assertThat(stack.geometry().orElseThrow().affine().apply(0, 0, 2))
        .containsExactly(new double[] {0, 2 * shift, 10}, within(1e-9));
    assertThat(stack.warnings()).containsExactly("tilted by 14.0 degrees");
  }

  @Test
  void aSliceWithoutReadablePixelsLeavesAMarkedPartialVolume() throws IOException {
    for (int k = 0; k < 5; k++) {
      addPixels(slice(k, 0, 0, 5 * k), k == 0 || k == 3 ? new byte[6] : pixels(100 + k));
    }
    Series series = series();
    Stack stack = VolumeAssembler.stacks(series).get(0);
    assertThatThrownBy(() -> VolumeAssembler.assemble(series, stack))
        .isInstanceOf(InvalidInputException.class);

    SeriesVolume partial = VolumeAssembler.assemblePartly(series, stack);
    int plane = ROWS * COLUMNS;
    assertThat(partial.volume().value(plane)).isEqualTo(2 * 101 - 1000);
    assertThat(partial.volume().value(0)).isEqualTo(2 * 101 - 1000);
    assertThat(partial.volume().value(4 * plane - 1)).isEqualTo(2 * 101 - 1000);
    assertThat(partial.volume().value(5 * plane - 1)).isEqualTo(2 * (104 + plane - 1) - 1000);
    assertThat(partial.stack().warnings())
        .singleElement()
        .asString()
        .startsWith(
            "partial: 2 of 5 slices have no readable pixels and hold the lowest value: 1, 4;");
  }

  /** Two echoes whose times drift in the second decimal are two volumes, not four. */
  @Test
  void echoTimesThatDriftAreOneVolume() throws IOException {
    double[] times = {4.60, 4.61, 9.20, 9.21};
    int number = 0;
    for (double z : new double[] {0, 5, 10}) {
      add(slice(number, 0, 0, z).put(Tag.ECHO_TIME, VR.DS, times[number / 2 % 2]), 0);
      number++;
      add(slice(number, 0, 0, z).put(Tag.ECHO_TIME, VR.DS, times[2 + number / 2 % 2]), 0);
      number++;
    }
    List<Stack> stacks = VolumeAssembler.stacks(series());
    assertThat(stacks).extracting(stack -> stack.frames().size()).containsExactly(3, 3);
    assertThat(stacks.get(1).first().group().echoTime()).isGreaterThan(9);
  }

  @Test
  void aStackWithoutAnyReadablePixelsIsRefused() throws IOException {
    for (int k = 0; k < 2; k++) {
      addPixels(slice(k, 0, 0, 5 * k), new byte[6]);
    }
    Series series = series();
    assertThatThrownBy(
            () -> VolumeAssembler.assemblePartly(series, VolumeAssembler.stacks(series).get(0)))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void aGapIsCountedAndTheGridHasTheMedianStep() throws IOException {
    for (double z : new double[] {0, 5, 10, 20}) {
      add(slice((int) z, 0, 0, z), 0);
    }
    Stack stack = single().stack();
    assertThat(stack.gaps()).isEqualTo(1);
    assertThat(stack.uniform()).isFalse();
    assertThat(stack.geometry().orElseThrow().spacing(2)).isCloseTo(5, within(1e-9));
    assertThat(stack.warnings()).containsExactly("1 gap between slices");
  }

  @Test
  void slicesThatAreShiftedInPlaneAreReported() throws IOException {
    for (int k = 0; k < 4; k++) {
      add(slice(k, k == 2 ? 3 : 0, 0, 5 * k), 0);
    }
    assertThat(single().stack().warnings()).singleElement().asString().contains("shifted");
  }

  @Test
  void copiesOfAnImageCountOnce() throws IOException {
    for (int k = 0; k < 3; k++) {
      WritableDataset image = slice(k, 0, 0, k);
      add(image, k);
      add(image, k);
    }
    Stack stack = single().stack();
    assertThat(stack.frames()).hasSize(3);
    assertThat(stack.duplicates()).isEqualTo(3);
  }

  @Test
  void oneNumberAtTwoTimesIsTwoVolumes() throws IOException {
    for (int time = 0; time < 2; time++) {
      for (int k = 0; k < 3; k++) {
        WritableDataset image = slice(k, 0, 0, k);
        image.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2." + time + "." + k);
        image.put(0x0008_0032, VR.TM, "10000" + time);
        add(image, time);
      }
    }
    assertThat(VolumeAssembler.assemble(series())).hasSize(2);
  }

  @Test
  void echoesTimesAndKindsOfImageAreVolumes() throws IOException {
    int number = 0;
    for (String kind : new String[] {"M", "P"}) {
      for (double echo : new double[] {5, 10}) {
        for (int time = 1; time <= 2; time++) {
          for (int k = 0; k < 3; k++) {
            WritableDataset image = slice(number, 0, 0, 3 * k);
            image.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", kind);
            image.put(Tag.ECHO_TIME, VR.DS, echo);
            image.put(Tag.TEMPORAL_POSITION_IDENTIFIER, VR.IS, time);
            add(image, number++);
          }
        }
      }
    }
    List<SeriesVolume> volumes = VolumeAssembler.assemble(series());
    assertThat(volumes).hasSize(8).allSatisfy(v -> assertThat(v.stack().frames()).hasSize(3));
    assertThat(volumes.stream().map(v -> v.stack().first().group()).distinct()).hasSize(8);
    assertThat(volumes.stream().map(SeriesVolume::name).distinct()).hasSize(8);
  }

  @Test
  void orientationsAndSizesAreStacks() throws IOException {
    for (int k = 0; k < 3; k++) {
      add(slice(k, 0, 0, k), 0);
      WritableDataset sagittal = slice(10 + k, k, 0, 0);
      add(sagittal.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 0);
    }
    List<Stack> stacks = VolumeAssembler.stacks(series());
    assertThat(stacks).hasSize(2).allSatisfy(stack -> assertThat(stack.frames()).hasSize(3));
  }

  @Test
  void slopesThatDifferGiveFloats() throws IOException {
    for (int k = 0; k < 3; k++) {
      WritableDataset image = slice(k, 0, 0, k);
      add(image.put(Tag.RESCALE_SLOPE, VR.DS, 0.5 + k), 40);
    }
    SeriesVolume volume = single();
    assertThat(volume.volume().voxels()).isInstanceOf(Voxels.Float32.class);
    assertThat(volume.volume().value(2 * ROWS * COLUMNS)).isEqualTo(40 * 2.5 - 1000);
  }

  @Test
  void unsignedValuesAbove32767AreKept() throws IOException {
    add(slice(0, 0, 0, 0), 60_000);
    SeriesVolume volume = single();
    assertThat(volume.volume().voxels()).isInstanceOf(Voxels.Int16.class);
    assertThat(volume.volume().value(0)).isEqualTo(2 * 60_000 - 1000.0);
    assertThat(volume.volume().value(1)).isEqualTo(2 * 60_001 - 1000.0);
  }

  @Test
  void oneSliceIsAsThickAsItSays() throws IOException {
    add(slice(0, 0, 0, 0).put(Tag.SLICE_THICKNESS, VR.DS, 6.5), 0);
    assertThat(single().volume().geometry().spacing(2)).isCloseTo(6.5, within(1e-12));
  }

  @Test
  void aMosaicStepsAlongItsSliceNormal() throws IOException {
    WritableDataset sheet = slice(0, 100, 200, 300);
    sheet.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC");
    sheet.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, 4.0);
    sheet.put(0x0029_0010, VR.LO, "SIEMENS CSA HEADER");
    sheet.put(
        0x0029_1010,
        VR.OB,
        csa(
            List.of("NumberOfImagesInMosaic", "SliceNormalVector"),
            List.of(new String[] {"3"}, new String[] {"0.0", "0.0", "-1.0"})));
    add(sheet, 0);
    SeriesVolume volume = single();
    Geometry grid = volume.volume().geometry();
    assertThat(new int[] {grid.width(), grid.height(), grid.depth()}).containsExactly(3, 2, 3);
    // sheet of 6 x 4 voxels of 0.8 x 0.5 mm, tiles of 3 x 2: half of the surplus is 1.2 and 0.5 mm
    assertThat(grid.affine().apply(0, 0, 2))
        .containsExactly(new double[] {101.2, 200.5, 300}, within(1e-9));
    assertThat(grid.affine().apply(0, 0, 0)[2]).isCloseTo(292, within(1e-9));
    // slice 0 of the mosaic is the topmost: its first voxel is the sheet's first
    assertThat(volume.volume().value(2 * 6)).isEqualTo(-1000);
    // slice 1 is the tile on its right
    assertThat(volume.volume().value(6)).isEqualTo(2 * 3 - 1000);
  }

  @Test
  void framesOfAnEnhancedImageTakeTheirOwnGroupsBeforeTheSharedOnes() throws IOException {
    WritableDataset image = slice(0, 0, 0, 0);
    image.remove(Tag.IMAGE_POSITION_PATIENT).remove(Tag.IMAGE_ORIENTATION_PATIENT);
    image.remove(Tag.PIXEL_SPACING);
    WritableDataset shared = new WritableDataset();
    shared.putSequence(
        Tag.PLANE_ORIENTATION_SEQUENCE,
        List.of(
            new WritableDataset()
                .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)));
    shared.putSequence(
        Tag.PIXEL_MEASURES_SEQUENCE,
        List.of(new WritableDataset().put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.8)));
    image.putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared));
    List<WritableDataset> frames = new ArrayList<>();
    for (int f = 0; f < 6; f++) {
      WritableDataset frame = new WritableDataset();
      frame.putSequence(
          Tag.PLANE_POSITION_SEQUENCE,
          List.of(
              new WritableDataset()
                  .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, 3.0 * (f / 2))));
      frame.putSequence(
          Tag.FRAME_CONTENT_SEQUENCE,
          List.of(new WritableDataset().put(Tag.TEMPORAL_POSITION_INDEX, VR.UL, 1 + f % 2)));
      frame.putSequence(
          Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
          List.of(
              new WritableDataset()
                  .put(Tag.RESCALE_SLOPE, VR.DS, 1.0)
                  .put(Tag.RESCALE_INTERCEPT, VR.DS, 100.0 * f)));
      frames.add(frame);
    }
    image.putSequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
    image.put(Tag.NUMBER_OF_FRAMES, VR.IS, 6);
    addPixels(image, new byte[6 * ROWS * COLUMNS * 2]);
    List<SeriesVolume> volumes = VolumeAssembler.assemble(series());
    assertThat(volumes).hasSize(2);
    assertThat(volumes.get(1).volume().geometry().spacing(2)).isCloseTo(3, within(1e-9));
    assertThat(volumes.get(1).volume().value(2 * ROWS * COLUMNS)).isEqualTo(500);
  }

  @Test
  void filesWithoutSeriesUidAreGroupedByFolder() throws IOException {
    for (String folder : new String[] {"a", "b"}) {
      for (int k = 0; k < 2; k++) {
        WritableDataset image = slice(k, 0, 0, k).remove(Tag.SERIES_INSTANCE_UID);
        sources.add(new InstanceSource.Memory(folder + "/" + k, bytes(image, pixels(0))));
      }
    }
    ScanResult scan = SeriesScanner.group(sources, 2);
    assertThat(scan.series()).extracting(Series::uid).containsExactly("path:a", "path:b");
  }

  @Test
  void whatIsNoDicomIsSkippedWithAReason() throws IOException {
    add(slice(0, 0, 0, 0), 0);
    sources.add(
        new InstanceSource.Memory("notes.txt", "hello, world".getBytes(StandardCharsets.UTF_8)));
    ScanResult scan = SeriesScanner.group(sources, 1);
    assertThat(scan.series()).hasSize(1);
    assertThat(scan.skipped()).extracting(Skipped::file).containsExactly("notes.txt");
  }

  @Test
  void aDicomdirIsPassedOver() throws IOException {
    add(slice(0, 0, 0, 0), 0);
    WritableDataset record = new WritableDataset().put(0x0004_1430, VR.CS, "PATIENT");
    WritableDataset index = new WritableDataset().putSequence(0x0004_1220, List.of(record));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, index, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    sources.add(new InstanceSource.Memory("index", out.toByteArray()));
    assertThat(series().instances()).hasSize(1);
  }

  @Test
  void aSeriesWithoutAPlaceInSpaceSaysSo() throws IOException {
    add(slice(0, 0, 0, 0).remove(Tag.IMAGE_POSITION_PATIENT), 0);
    assertThatThrownBy(() -> VolumeAssembler.assemble(series()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("position");
  }

  /** Here a file system that goes away, which is no IOException. */
  @Test
  void whatNobodyForesawLeavesOutOneFileAndNoMore(@TempDir Path folder) throws IOException {
    add(slice(0, 0, 0, 0), 7);
    add(slice(1, 0, 0, 5), 8);
    Path packed = folder.resolve("packed.zip");
    List<InstanceSource> mixed = new ArrayList<>(sources.subList(0, 1));
    ScanResult scan;
    try (FileSystem zip = FileSystems.newFileSystem(packed, Map.of("create", "true"))) {
      Path file = Files.write(zip.getPath("second"), sources.get(1).readAll());
      mixed.add(new InstanceSource.File(file));
      scan = SeriesScanner.group(mixed, 1);
    }
    Series series = scan.series().get(0);
    SeriesVolume partial =
        VolumeAssembler.assemblePartly(series, VolumeAssembler.stacks(series).get(0));
    assertThat(partial.volume().value(0)).isEqualTo(2 * 7 - 1000.0);
    assertThat(partial.stack().warnings())
        .singleElement()
        .asString()
        .startsWith("partial: 1 of 2 slices")
        .endsWith("ClosedFileSystemException");
    ScanResult again = SeriesScanner.group(mixed, 1);
    assertThat(again.series()).hasSize(1);
    assertThat(again.skipped())
        .extracting(Skipped::reason)
        .containsExactly("ClosedFileSystemException");
  }

  @Test
  void aLongPathGivesANameThatFileSystemsHold() throws IOException {
    List<String> names = new ArrayList<>();
    String deep = "long".repeat(40) + "/";
    for (String last : new String[] {"a", "b"}) {
      byte[] image = bytes(slice(0, 0, 0, 0), pixels(0));
      List<InstanceSource> one =
          List.of(new InstanceSource.Memory(deep.repeat(3) + last + "/1", image));
      Series series = SeriesScanner.group(one, 1).series().get(0);
      names.add(VolumeAssembler.assemble(series).get(0).name());
    }
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names).allMatch(name -> name.matches("(long){30}-[0-9a-f]{8}_v001"));
  }

  private SeriesVolume single() {
    List<SeriesVolume> volumes = VolumeAssembler.assemble(series());
    assertThat(volumes).hasSize(1);
    return volumes.get(0);
  }

  private Series series() {
    ScanResult scan = SeriesScanner.group(sources, 2);
    assertThat(scan.skipped()).isEmpty();
    assertThat(scan.series()).hasSize(1);
    return scan.series().get(0);
  }

  private void add(WritableDataset image, int value) throws IOException {
    addPixels(image, pixels(value));
  }

  private void addPixels(WritableDataset image, byte[] pixels) throws IOException {
    sources.add(
        new InstanceSource.Memory(String.format("s/%03d", sources.size()), bytes(image, pixels)));
  }

  private static byte[] bytes(WritableDataset image, byte[] pixels) throws IOException {
    image.put(Tag.PIXEL_DATA, VR.OW, pixels);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    return out.toByteArray();
  }

  /** Stored values that count up from {@code value}. */
  private static byte[] pixels(int value) {
    ByteBuffer pixels = ByteBuffer.allocate(ROWS * COLUMNS * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
      pixels.putShort((short) (value + i));
    }
    return pixels.array();
  }

  private static WritableDataset slice(int number, double x, double y, double z) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + number)
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.4")
        .put(Tag.MODALITY, VR.CS, "MR")
        .put(Tag.INSTANCE_NUMBER, VR.IS, number + 1)
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, x, y, z)
        .put(
            Tag.IMAGE_ORIENTATION_PATIENT,
            VR.DS,
            AXIAL[0],
            AXIAL[1],
            AXIAL[2],
            AXIAL[3],
            AXIAL[4],
            AXIAL[5])
        .put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.8)
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.ROWS, VR.US, ROWS)
        .put(Tag.COLUMNS, VR.US, COLUMNS)
        .put(Tag.BITS_ALLOCATED, VR.US, 16)
        .put(Tag.BITS_STORED, VR.US, 16)
        .put(Tag.HIGH_BIT, VR.US, 15)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0)
        .put(Tag.RESCALE_SLOPE, VR.DS, 2.0)
        .put(Tag.RESCALE_INTERCEPT, VR.DS, -1000.0);
  }

  private static byte[] csa(List<String> names, List<String[]> values) {
    ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    out.put("SV10".getBytes(StandardCharsets.US_ASCII)).putInt(0x01020304);
    out.putInt(names.size()).putInt(77);
    for (int t = 0; t < names.size(); t++) {
      byte[] name = new byte[64];
      byte[] text = names.get(t).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, name, 0, text.length);
      out.put(name).putInt(values.get(t).length).put(new byte[] {'F', 'D', 0, 0}).putInt(0);
      out.putInt(values.get(t).length).putInt(77);
      for (String value : values.get(t)) {
        byte[] item = (value + "\0").getBytes(StandardCharsets.US_ASCII);
        out.putInt(item.length).putInt(item.length).putInt(77).putInt(item.length).put(item);
        out.put(new byte[(4 - item.length % 4) % 4]);
      }
    }
    return java.util.Arrays.copyOf(out.array(), out.position() + out.position() % 2);
  }
}
