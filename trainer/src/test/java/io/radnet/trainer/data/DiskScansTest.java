package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.commands.Main;
import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Series of an archive that keeps all its files in one folder, or each in a folder of its own. */
class DiskScansTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsTheSeriesOfAMixedFolderApart(boolean spread, @TempDir Path folder) throws IOException {
    Path phantom = folder.resolve("phantom");
    assertThat(Main.run("phantom", "--out", phantom.toString(), "--series", "8", "--seed", "3"))
        .isZero();
    Path flat = Files.createDirectories(folder.resolve("flat"));
    Map<String, String> patients = new HashMap<>();
    DiskScans scans = new DiskScans();
    int copied = 0;
    for (Series series : SeriesScanner.scan(List.of(phantom.resolve("series")), 1).series()) {
      Path own = phantom.resolve("series").resolve(series.path());
      List<Path> files = scans.files(own, series.uid(), series.instances().size());
      assertThat(files).hasSameSizeAs(series.instances());
      patients.put(series.uid(), scans.patient(files.get(0)).orElseThrow());
      for (Path file : files) {
        String name = String.format("%04x", 40503 * copied++ & 0xffff);
        Path target = spread ? Files.createDirectories(flat.resolve(name)) : flat;
        Files.copy(file, target.resolve(name + ".dcm"));
      }
    }
    assertThat(Set.copyOf(patients.values())).hasSizeGreaterThan(1);

    Set<Path> seen = new TreeSet<>();
    for (Map.Entry<String, String> each : patients.entrySet()) {
      List<Path> files = scans.files(flat, each.getKey(), 0);
      assertThat(seen).doesNotContainAnyElementsOf(files);
      seen.addAll(files);
      assertThat(scans.patient(files.get(files.size() - 1))).contains(each.getValue());
    }
    assertThat(seen).hasSize(copied);
    try (Stream<Path> all = Files.walk(flat)) {
      assertThat(new ArrayList<>(seen))
          .containsExactlyInAnyOrderElementsOf(all.filter(Files::isRegularFile).toList());
    }
    assertThatThrownBy(() -> scans.files(flat, "1.2.3", 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("none of its");
  }

  @Test
  void takesNoneOfTwoPatientsUnderOneUid(@TempDir Path folder) throws IOException {
    for (int patient = 0; patient < 2; patient++) {
      for (int k = 0; k < 2; k++) {
        write(folder.resolve(patient + "-" + k), slice("P" + patient, k));
      }
    }
    assertThatThrownBy(() -> new DiskScans().read(folder, "1.2.4"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("2 series have the labelled series_uid (expected: 1)");
  }

  @Test
  void takesTheSeriesOfTheFolderAndNoCopyBelow(@TempDir Path folder) throws IOException {
    Path below = Files.createDirectories(folder.resolve("a"));
    for (int k = 0; k < 2; k++) {
      write(folder.resolve("z" + k), slice("P", k));
      write(below.resolve("copy" + k), slice("P", k));
    }
    assertThat(new DiskScans().files(folder, "1.2.4", 2))
        .containsExactly(folder.resolve("z0"), folder.resolve("z1"));
  }

  @Test
  void takesTheVolumeWhereAnotherModalityHasItsUid(@TempDir Path folder) throws IOException {
    for (int k = 0; k < 2; k++) {
      write(folder.resolve("z" + k), slice("P", k));
    }
    WritableDataset contours = slice("P", 0).put(Tag.MODALITY, VR.CS, "AAA");
    write(folder.resolve("a"), contours.remove(Tag.ROWS).remove(Tag.PIXEL_DATA));
    assertThat(new DiskScans().read(folder, "1.2.4").geometry().depth()).isEqualTo(2);
  }

  private static void write(Path file, WritableDataset image) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file)) {
      DicomWriter.write(stream, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    }
  }

  private static WritableDataset slice(String patient, int k) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + k)
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.4")
        .put(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.5")
        .put(Tag.PATIENT_ID, VR.LO, patient)
        .put(Tag.MODALITY, VR.CS, "CT")
        .put(Tag.INSTANCE_NUMBER, VR.IS, k + 1)
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, 5.0 * k)
        .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        .put(Tag.PIXEL_SPACING, VR.DS, 1.0, 1.0)
        .put(Tag.ROWS, VR.US, 2)
        .put(Tag.COLUMNS, VR.US, 2)
        .put(Tag.BITS_ALLOCATED, VR.US, 8)
        .put(Tag.PIXEL_DATA, VR.OB, new byte[4]);
  }
}
