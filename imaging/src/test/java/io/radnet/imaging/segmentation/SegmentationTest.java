package io.radnet.imaging.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.SeriesVolume;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SegmentationTest {
  private static final int ROWS = 7;
  private static final int COLUMNS = 5; // 35 pixels: frames do not end at a byte
  private static final Instant CREATED = Instant.parse("2024-02-03T04:05:06Z");

  /** An oblique scan of six slices of a patient who must not be seen. */
  private static SeriesVolume scan() throws IOException {
    return scan(true);
  }

  private static SeriesVolume scan(boolean uids) throws IOException {
    return scan(uids, 0, 1, 2, 3, 4, 5);
  }

  /** Slices at multiples of 2.5 mm. */
  private static SeriesVolume scan(boolean uids, double... places) throws IOException {
    double c = Math.cos(0.3);
    double s = Math.sin(0.3);
    List<InstanceSource> sources = new ArrayList<>();
    for (int k = 0; k < 6; k++) {
      double mm = 2.5 * places[k];
      WritableDataset image =
          new WritableDataset()
              .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
              .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3.4." + (k + 1))
              .put(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.3")
              .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.3.4")
              .put(Tag.FRAME_OF_REFERENCE_UID, VR.UI, "1.2.3.9")
              .put(Tag.STUDY_DATE, VR.DA, "19991231")
              .put(Tag.PATIENT_NAME, VR.PN, "Secret^Person")
              .put(Tag.PATIENT_ID, VR.LO, "SECRET-ID")
              .put(Tag.MODALITY, VR.CS, "CT")
              .put(Tag.INSTANCE_NUMBER, VR.IS, k + 1)
              .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 3.5, -7 - s * mm, 11 + c * mm)
              .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1, 0, 0, 0, c, s)
              .put(Tag.PIXEL_SPACING, VR.DS, 0.8, 0.6)
              .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
              .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
              .put(Tag.ROWS, VR.US, ROWS)
              .put(Tag.COLUMNS, VR.US, COLUMNS)
              .put(Tag.BITS_ALLOCATED, VR.US, 16)
              .put(Tag.BITS_STORED, VR.US, 16)
              .put(Tag.HIGH_BIT, VR.US, 15)
              .put(Tag.PIXEL_REPRESENTATION, VR.US, 1)
              .put(Tag.PIXEL_DATA, VR.OW, new byte[2 * ROWS * COLUMNS]);
      if (!uids) {
        image.remove(Tag.STUDY_INSTANCE_UID).remove(Tag.SERIES_INSTANCE_UID);
        image.remove(Tag.SOP_INSTANCE_UID).remove(Tag.FRAME_OF_REFERENCE_UID);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      DicomWriter.write(out, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
      sources.add(new InstanceSource.Memory("slice" + k, out.toByteArray()));
    }
    return VolumeAssembler.assemble(SeriesScanner.group(sources, 1).series().get(0)).get(0);
  }

  /** Two classes; slices 0 and 3 are empty. */
  private static LabelMap mask(Geometry grid) {
    byte[] labels = new byte[(int) grid.voxels()];
    for (int k : new int[] {1, 2, 4, 5}) {
      for (int n = k; n < 30; n += 3) {
        labels[k * ROWS * COLUMNS + n] = (byte) (n % 2 == 0 ? 2 : 5);
      }
    }
    return new LabelMap(grid, labels, Map.of(2, "liver", 5, "liver tumour"));
  }

  private static DicomFile written(LabelMap mask, SeriesVolume scan, boolean keepPatient)
      throws IOException {
    return DicomReader.read(new InstanceSource.Memory("seg.dcm", bytes(mask, scan, keepPatient)));
  }

  private static byte[] bytes(LabelMap mask, SeriesVolume scan, boolean keepPatient)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SegmentationWriter.write(
        out,
        mask,
        SegmentationSource.of(scan.stack()),
        new SegmentationOptions("liver", "3", CREATED, keepPatient));
    return out.toByteArray();
  }

  @Test
  void aMaskComesBackOnItsScan() throws IOException {
    SeriesVolume scan = scan();
    LabelMap mask = mask(scan.volume().geometry());
    DicomFile file = written(mask, scan, false);
    LabelMap back = SegmentationReader.read(file, scan.volume().geometry());
    assertThat(back.names()).containsExactly(Map.entry(1, "liver"), Map.entry(2, "liver tumour"));
    for (int n = 0; n < mask.labels().length; n++) {
      int expected = mask.labels()[n] == 2 ? 1 : mask.labels()[n] == 5 ? 2 : 0;
      assertThat(back.labels()[n]).as("voxel %s", n).isEqualTo((byte) expected);
    }
    LabelMap own = SegmentationReader.read(file); // without the empty first slice
    assertThat(own.geometry().depth()).isEqualTo(5);
    assertThat(own.geometry().affine().apply(0, 0, 0))
        .containsExactly(scan.volume().geometry().affine().apply(0, 0, 1), within(1e-6));
    assertThat(own.millilitres(1)).isCloseTo(mask.millilitres(2), within(1e-9));
  }

  @Test
  void eachFrameRefersToItsSourceImage() throws IOException {
    SeriesVolume scan = scan();
    DicomDataset seg = written(mask(scan.volume().geometry()), scan, false).dataset();
    assertThat(seg.string(Tag.SOP_CLASS_UID)).contains(SegmentationWriter.SOP_CLASS_UID);
    assertThat(seg.string(Tag.STUDY_INSTANCE_UID)).contains("1.2.3");
    assertThat(seg.string(Tag.FRAME_OF_REFERENCE_UID)).contains("1.2.3.9");
    assertThat(seg.string(Tag.SERIES_INSTANCE_UID).orElseThrow()).startsWith("2.25.");
    assertThat(seg.integer(Tag.NUMBER_OF_FRAMES)).hasValue(8); // two segments on four slices
    List<DicomDataset> frames = seg.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    DicomDataset third = frames.get(2);
    assertThat(
            third
                .items(SegmentationTag.DERIVATION_IMAGE_SEQUENCE)
                .get(0)
                .items(SegmentationTag.SOURCE_IMAGE_SEQUENCE)
                .get(0)
                .string(Tag.REFERENCED_SOP_INSTANCE_UID))
        .contains("1.2.3.4.5");
    assertThat(
            third
                .items(SegmentationTag.FRAME_CONTENT_SEQUENCE)
                .get(0)
                .numbers(Tag.DIMENSION_INDEX_VALUES))
        .containsExactly(1, 5);
    assertThat(
            seg.items(Tag.SEGMENT_SEQUENCE)
                .get(1)
                .items(SegmentationTag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE)
                .get(0)
                .string(Tag.CODE_MEANING))
        .contains("Neoplasm");
  }

  /** Behind a missing slice, and where steps are uneven. */
  @Test
  void framesLieWhereTheirSourceImagesDo() throws IOException {
    for (double[] places : new double[][] {{0, 1, 2, 3, 5, 6}, {0, 1, 2, 3, 4.4, 5.9}}) {
      SeriesVolume scan = scan(true, places);
      Geometry grid = scan.volume().geometry();
      assertThat(scan.stack().uniform()).isFalse();
      LabelMap mask = mask(grid);
      DicomFile file = written(mask, scan, false);
      List<DicomDataset> frames =
          file.dataset().items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE); // slices 1, 2, 4, 5 twice
      double z = 11 + Math.cos(0.3) * 2.5 * places[5];
      assertThat(
              frames
                  .get(3)
                  .items(SegmentationTag.PLANE_POSITION_SEQUENCE)
                  .get(0)
                  .numbers(Tag.IMAGE_POSITION_PATIENT)[2])
          .isCloseTo(z, within(1e-6));
      LabelMap back = SegmentationReader.read(file, grid);
      for (int n = 0; n < mask.labels().length; n++) {
        int expected = mask.labels()[n] == 2 ? 1 : mask.labels()[n] == 5 ? 2 : 0;
        assertThat(back.labels()[n]).as("voxel %s", n).isEqualTo((byte) expected);
      }
      assertThat(SegmentationReader.read(file).geometry().depth()).isEqualTo(5);
    }
    DicomDataset even = written(mask(scan().volume().geometry()), scan(), false).dataset();
    assertThat(even.contains(0x0099_0010)).isFalse();
  }

  /** Another program states the positions and nothing of the grid. */
  @Test
  void framesOfOtherProgramsFollowTheImagesOfAnUnevenScan() throws IOException {
    SeriesVolume scan = scan(true, 0, 1, 2, 4, 5, 6);
    Geometry grid = scan.volume().geometry();
    LabelMap mask = mask(grid);
    String text = new String(bytes(mask, scan, false), StandardCharsets.ISO_8859_1);
    assertThat(text).contains("RADNET SEGMENTATION");
    byte[] foreign =
        text.replace("RADNET SEGMENTATION", "RADNET SEGMENTATIOX")
            .getBytes(StandardCharsets.ISO_8859_1);
    DicomFile file = DicomReader.read(new InstanceSource.Memory("seg.dcm", foreign));
    List<double[]> slices =
        scan.stack().frames().stream()
            .map(frame -> Objects.requireNonNull(frame.position()))
            .toList();
    LabelMap back = SegmentationReader.read(file, grid, slices);
    for (int n = 0; n < mask.labels().length; n++) {
      int expected = mask.labels()[n] == 2 ? 1 : mask.labels()[n] == 5 ? 2 : 0;
      assertThat(back.labels()[n]).as("voxel %s", n).isEqualTo((byte) expected);
    }
  }

  @Test
  void thePatientIsKeptOnlyWhereAskedFor() throws IOException {
    SeriesVolume scan = scan();
    LabelMap mask = mask(scan.volume().geometry());
    String without = new String(bytes(mask, scan, false), StandardCharsets.ISO_8859_1);
    assertThat(without).doesNotContain("Secret", "SECRET", "19991231").contains("20240203");
    DicomDataset with = written(mask, scan, true).dataset();
    assertThat(with.string(Tag.PATIENT_NAME)).contains("Secret^Person");
    assertThat(with.string(Tag.PATIENT_ID)).contains("SECRET-ID");
    assertThat(with.string(Tag.STUDY_DATE)).contains("19991231");
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    SeriesVolume scan = scan();
    LabelMap mask = mask(scan.volume().geometry());
    assertThat(bytes(mask, scan, false)).isEqualTo(bytes(mask, scan, false));
    byte[] other = mask.labels().clone();
    other[40] = (byte) (other[40] == 0 ? 2 : 0);
    DicomFile changed = written(new LabelMap(mask.geometry(), other, mask.names()), scan, false);
    assertThat(changed.dataset().string(Tag.SOP_INSTANCE_UID))
        .isNotEqualTo(written(mask, scan, false).dataset().string(Tag.SOP_INSTANCE_UID));
  }

  @Test
  void absentUidsAreMadeUpAndSaid() throws IOException {
    SeriesVolume scan = scan(false);
    SegmentationSource source = SegmentationSource.of(scan.stack());
    assertThat(source.warnings()).hasSize(3).allMatch(line -> line.contains("made up"));
    assertThat(source.studyUid()).startsWith("2.25.").isNotEqualTo(source.seriesUid());
    assertThat(source.images()).doesNotHaveDuplicates();
    LabelMap mask = mask(scan.volume().geometry());
    assertThat(bytes(mask, scan, false)).isEqualTo(bytes(mask, scan(false), false));
  }

  @Test
  void anEmptyMaskIsAnObjectOfOneEmptyFrame() throws IOException {
    SeriesVolume scan = scan();
    Geometry grid = scan.volume().geometry();
    LabelMap empty = new LabelMap(grid, new byte[(int) grid.voxels()], Map.of(1, "spleen"));
    LabelMap back = SegmentationReader.read(written(empty, scan, false), grid);
    assertThat(back.labels()).containsOnly(0);
    assertThat(back.names()).containsEntry(1, "spleen");
  }

  @Test
  void anotherGridIsReachedByTheNearestVoxelOrRefused() throws IOException {
    SeriesVolume scan = scan();
    Geometry grid = scan.volume().geometry();
    DicomFile file = written(mask(grid), scan, false);
    Geometry window = grid.window(1, 2, 1, 3, 4, 4);
    LabelMap part = SegmentationReader.read(file, window);
    LabelMap whole = SegmentationReader.read(file, grid);
    for (int k = 0; k < 4; k++) {
      for (int j = 0; j < 4; j++) {
        for (int i = 0; i < 3; i++) {
          assertThat(part.label(i, j, k)).isEqualTo(whole.label(i + 1, j + 2, k + 1));
        }
      }
    }
    assertThatThrownBy(() -> SegmentationReader.read(file, grid.window(100, 0, 0, 5, 5, 5)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("seg.dcm")
        .hasMessageContaining("outside its image");
  }

  @Test
  void publicSegmentationsAreReadOrRefusedInOneLine() throws IOException {
    Path shared = Path.of(System.getProperty("radnet.shared", "../../shared"), "data");
    Assumptions.assumeTrue(Files.isDirectory(shared), shared + " is absent: no public files");
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(shared)) {
      for (Path path : files.filter(f -> f.toString().endsWith(".dcm")).toList()) {
        try (InputStream unused = Files.newInputStream(path)) {
          DicomFile file = DicomReader.read(new InstanceSource.File(path));
          if (SegmentationReader.reads(file)) {
            LabelMap map = SegmentationReader.read(file);
            assertThat(map.names()).isNotEmpty();
            found.put(path.getFileName().toString(), map.labels().length + " voxels");
          }
        } catch (InvalidInputException refused) {
          assertThat(refused.getMessage()).doesNotContain("\n");
          if (path.getFileName().toString().contains("seg")) {
            found.put(path.getFileName().toString(), refused.getMessage());
          }
        }
      }
    }
    assertThat(found).containsKey("seg_image_ct_binary.dcm");
    assertThat(found.get("seg_image_ct_binary.dcm")).endsWith("voxels");
    assertThat(found.get("seg_image_ct_binary_overlap.dcm")).endsWith("voxels");
    assertThat(found.get("seg_image_ct_true_fractional.dcm")).endsWith("voxels");
    assertThat(found.get("seg_image_sm_dots.dcm")).contains("no place in the patient");
  }
}
