package io.radnet.imaging.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  @TempDir private Path folder;

  @Test
  void aDamagedSliceIsMarkedAndFailsWhereAsked() throws IOException {
    Path archive = folder.resolve("phantom");
    assertThat(Main.run("phantom", "--out", archive.toString(), "--series", "1", "--size", "small"))
        .isZero();
    Path series;
    try (Stream<Path> found = Files.walk(archive.resolve("series"))) {
      series = found.filter(path -> path.toString().endsWith("000.dcm")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(series);
    Files.write(series, Arrays.copyOf(whole, whole.length - 200));
    String scan = String.valueOf(series.getParent());
    Path out = folder.resolve("out");

    List<String> said = errors("convert", scan, "--out", out.toString());
    assertThat(said.get(0)).isEqualTo("left out: 1");
    assertThat(said.get(1)).startsWith("  " + scan + ": partial: 1 of ").contains("no readable");
    assertThat(Main.run("convert", scan, "--out", out.toString(), "--strict")).isEqualTo(1);
    try (Stream<Path> written = Files.list(out)) {
      Path sidecar =
          written.filter(path -> path.toString().endsWith(".json")).findFirst().orElseThrow();
      assertThat(sidecar).content().contains("partial: 1 of ");
    }
  }

  @Test
  void whatCannotBeAVolumeLeavesOutOneSeries() throws IOException {
    Path archive = Files.createDirectory(folder.resolve("mixed"));
    write(picture(), archive.resolve("good"));
    WritableDataset tiny = picture().put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.5");
    write(tiny.put(Tag.PIXEL_SPACING, VR.DS, "1e-200", "1e-200"), archive.resolve("tiny"));
    List<String> said =
        errors("convert", archive.toString(), "--out", folder.resolve("out").toString());
    assertThat(said)
        .containsExactly(
            "left out: 1", "  tiny: tiny: spacing is out of all bounds: 1.0E-200 x 1.0E-200 x 1.0");
    assertThat(folder.resolve("out").resolve("good_v001.nii.gz")).exists();
  }

  @Test
  void aPictureWithoutAPlaceInSpaceIsWrittenWithoutDirections() throws IOException {
    Path file = folder.resolve("picture.dcm");
    write(picture(), file);
    Path out = folder.resolve("pictures");
    assertThat(Main.run("convert", file.toString(), "--out", out.toString(), "--strict")).isZero();

    ByteBuffer header = ByteBuffer.allocate(364).order(ByteOrder.LITTLE_ENDIAN);
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(out.resolve("picture.dcm_v001.nii.gz")))) {
      header.put(in.readAllBytes());
    }
    assertThat(header.getShort(252)).as("qform_code").isZero();
    assertThat(header.getShort(254)).as("sform_code").isZero();
    assertThat(header.getFloat(80)).isEqualTo(0.1f);
    assertThat(header.getFloat(84)).isEqualTo(0.2f);
    assertThat(header.getShort(352)).as("the lowest row comes first").isEqualTo((short) 4);
    assertThat(out.resolve("picture.dcm_v001.json"))
        .content()
        .contains("\"affine_lps_mm\" : null", "position or orientation is absent");
  }

  private static WritableDataset picture() {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.1")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3")
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.4")
        .put(Tag.MODALITY, VR.CS, "CR")
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.PIXEL_SPACING, VR.DS, 0.2, 0.1)
        .put(Tag.ROWS, VR.US, 2)
        .put(Tag.COLUMNS, VR.US, 3)
        .put(Tag.BITS_ALLOCATED, VR.US, 8)
        .put(Tag.BITS_STORED, VR.US, 8)
        .put(Tag.HIGH_BIT, VR.US, 7)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0)
        .put(Tag.PIXEL_DATA, VR.OB, new byte[] {1, 2, 3, 4, 5, 6});
  }

  private static void write(WritableDataset image, Path file) throws IOException {
    try (OutputStream stream = Files.newOutputStream(file)) {
      DicomWriter.write(stream, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    }
  }

  /** The lines on stderr of a command that succeeds. */
  private static List<String> errors(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run(arguments)).isZero();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
