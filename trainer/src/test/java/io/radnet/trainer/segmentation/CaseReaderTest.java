package io.radnet.trainer.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.commands.Main;
import io.radnet.imaging.segmentation.SegmentationOptions;
import io.radnet.imaging.segmentation.SegmentationSource;
import io.radnet.imaging.segmentation.SegmentationWriter;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.data.Split;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaseReaderTest {
  @TempDir private Path folder = Path.of("");

  private final CaseReader reader =
      new CaseReader(
          Preset.TINY.segmentationRecipe(List.of("background", "liver")),
          List.of(1),
          new DiskScans());

  /** images/one is a DICOM series, masks/one.dcm its DICOM SEG. */
  @BeforeEach
  void writePhantom() throws IOException {
    Path phantom = folder.resolve("phantom");
    assertThat(Main.run("phantom", "--task", "liver", "--series", "1", "--out", phantom.toString()))
        .isZero();
    Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(folder.resolve("masks"));
    Path image = SegmentationCase.find(phantom).get(0).image();
    Files.move(image, folder.resolve("images/one"));
    Path mask = phantom.resolve("masks").toFile().listFiles()[0].toPath();
    Series series = SeriesScanner.scan(List.of(folder.resolve("images/one")), 1).series().get(0);
    try (OutputStream out = Files.newOutputStream(folder.resolve("masks/one.dcm"))) {
      SegmentationWriter.write(
          out,
          NiftiReader.readLabels(mask),
          SegmentationSource.of(VolumeAssembler.stacks(series).get(0)),
          new SegmentationOptions("test", "1", Instant.EPOCH, false));
    }
    Files.move(mask, folder.resolve("one.nii.gz"));
  }

  @Test
  void aDicomSegmentationIsAMaskAsNiftiIs() throws IOException {
    List<SegmentationCase> cases = SegmentationCase.find(folder);
    assertThat(cases).hasSize(1);
    assertThat(cases.get(0).name()).isEqualTo("one");
    SegmentationSample dicom = reader.read(cases.get(0));

    Files.delete(folder.resolve("masks/one.dcm"));
    Files.move(folder.resolve("one.nii.gz"), folder.resolve("masks/one.nii.gz"));
    SegmentationSample nifti = reader.read(SegmentationCase.find(folder).get(0));

    assertThat(dicom.truth().labels()).containsOnly(0, 1).isEqualTo(nifti.truth().labels());
    assertThat(dicom.truth().geometry().matches(nifti.truth().geometry(), 0.01)).isTrue();
  }

  @Test
  void aMaskOnAnotherGridIsRefused() throws IOException {
    LabelMap mask = NiftiReader.readLabels(folder.resolve("one.nii.gz"));
    Geometry grid = mask.geometry();
    double[] moved = grid.affine().toArray();
    moved[3] += 2;
    int plane = grid.width() * grid.height();
    List<LabelMap> others =
        List.of(
            new LabelMap(
                new Geometry(grid.width(), grid.height(), grid.depth(), Affine.of(moved)),
                mask.labels(),
                mask.names()),
            new LabelMap(
                new Geometry(grid.width(), grid.height(), grid.depth() - 1, grid.affine()),
                Arrays.copyOf(mask.labels(), mask.labels().length - plane),
                mask.names()));
    Files.delete(folder.resolve("masks/one.dcm"));
    for (LabelMap other : others) {
      NiftiWriter.write(folder.resolve("masks/one.nii.gz"), other);
      SegmentationCase only = SegmentationCase.find(folder).get(0);

      assertThatThrownBy(() -> reader.read(only))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("one.nii.gz: the mask lies on another grid than its scan: ")
          .hasMessageContaining("x" + other.geometry().depth() + " (expected: ");
    }
  }

  @Test
  void aClassThatNoTrainingScanHasIsNamed() throws IOException {
    List<SegmentationCase> cases = SegmentationCase.find(folder);
    SegmentationSample liver = reader.read(cases.get(0));
    reader.requireEveryClass(List.of(liver));
    CaseReader other =
        new CaseReader(
            Preset.TINY.segmentationRecipe(List.of("background", "liver", "spleen")),
            List.of(1, 9),
            new DiskScans());
    SegmentationSample both = other.read(cases.get(0));

    assertThatThrownBy(() -> other.requireEveryClass(List.of(both, both)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "class spleen: voxels of label 9 in the masks of 2 training scans: 0 (expected: >= 1);"
                + " see --classes");
  }

  @Test
  void aScanWithoutAMaskIsNamed() throws IOException {
    Files.delete(folder.resolve("masks/one.dcm"));
    assertThatThrownBy(() -> SegmentationCase.find(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no mask")
        .hasMessageContaining("one.nii.gz or .dcm");
  }

  @Test
  void splitsAreGivenByPatientOrElseByName(@TempDir Path other) throws IOException {
    Files.createDirectories(other.resolve("images"));
    Files.createDirectories(other.resolve("masks"));
    for (String name : List.of("a.nii.gz", "sub-1_ses-1.nii.gz", "sub-1_ses-2.nii.gz")) {
      Files.createFile(other.resolve("images").resolve(name));
      Files.createFile(other.resolve("masks").resolve(name));
    }
    for (Split split : Split.values()) {
      String name = split.name().toLowerCase(Locale.ROOT);
      Files.writeString(
          other.resolve(Split.FILE),
          "{\"a\":\"%s\",\"sub-1\":\"%s\",\"sub-1_ses-2\":\"train\"}".formatted(name, name));
      assertThat(SegmentationCase.find(other))
          .hasSize(3)
          .extracting(SegmentationCase::split)
          .containsOnly(split);
    }

    // Of DICOM the patient is the header's.
    Path file = folder.resolve("images/one").toFile().listFiles()[0].toPath();
    String patient = new DiskScans().patient(file).orElseThrow();
    for (Split split : Split.values()) {
      String name = split.name().toLowerCase(Locale.ROOT);
      Files.writeString(folder.resolve(Split.FILE), "{\"%s\":\"%s\"}".formatted(patient, name));
      assertThat(SegmentationCase.find(folder).get(0).split()).isEqualTo(split);
    }
  }

  @Test
  void scansOfOnePatientShareASplit(@TempDir Path other) throws IOException {
    Files.createDirectories(other.resolve("images"));
    Files.createDirectories(other.resolve("masks"));
    for (int patient = 0; patient < 30; patient++) {
      for (String session : List.of("ses-1", "ses-2")) {
        String name = "sub-" + patient + "_" + session + ".nii.gz";
        Files.createFile(other.resolve("images").resolve(name));
        Files.createFile(other.resolve("masks").resolve(name));
      }
    }
    List<SegmentationCase> cases = SegmentationCase.find(other);
    assertThat(cases).hasSize(60);
    for (int n = 0; n < cases.size(); n += 2) {
      assertThat(cases.get(n).split()).isEqualTo(cases.get(n + 1).split());
    }
    assertThat(cases.stream().map(SegmentationCase::split).distinct()).hasSizeGreaterThan(1);

    // Of DICOM the header decides, whatever the folder is called.
    Split one = SegmentationCase.find(folder).get(0).split();
    for (String name : List.of("two", "three", "four")) {
      Files.move(folder.resolve("images/one"), folder.resolve("images").resolve(name));
      Files.move(folder.resolve("masks/one.dcm"), folder.resolve("masks/" + name + ".dcm"));
      assertThat(SegmentationCase.find(folder).get(0).split()).isEqualTo(one);
      Files.move(folder.resolve("images").resolve(name), folder.resolve("images/one"));
      Files.move(folder.resolve("masks/" + name + ".dcm"), folder.resolve("masks/one.dcm"));
    }
  }
}
