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
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
  void aScanWithoutAMaskIsNamed() throws IOException {
    Files.delete(folder.resolve("masks/one.dcm"));
    assertThatThrownBy(() -> SegmentationCase.find(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no mask")
        .hasMessageContaining("one.nii.gz or .dcm");
  }
}
