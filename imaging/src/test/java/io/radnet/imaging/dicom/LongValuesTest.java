package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long values stay in the file until somebody asks for them. */
class LongValuesTest {
  private static final int PRIVATE = 0x0029_1010;
  private static final int TEXT = 0x0040_A160;
  private static final int POINTS = 0x3006_0050;

  @TempDir Path folder;

  /** A header of 400 KB, of which 2 KB are short values, and 1 MB of pixels. */
  private static byte[] object(String syntax) throws IOException {
    Random random = new Random(5);
    byte[] vendor = new byte[150_000];
    random.nextBytes(vendor);
    byte[] pixels = new byte[1 << 20];
    random.nextBytes(pixels);
    List<WritableDataset> items = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      items.add(new WritableDataset().put(0x0008_1155, VR.UI, "1.2.3." + i));
    }
    WritableDataset dataset =
        new WritableDataset()
            .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
            .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3")
            .put(0x0008_0005, VR.CS, "ISO_IR 192")
            .putSequence(0x0008_1140, items)
            .put(0x0029_0010, VR.LO, "SIEMENS CSA HEADER")
            .put(PRIVATE, VR.OB, vendor)
            .put(Tag.ROWS, VR.US, 512)
            .put(Tag.COLUMNS, VR.US, 1024)
            .put(0x0028_0100, VR.US, 16)
            .put(TEXT, VR.UT, "größer ".repeat(20_000))
            .put(POINTS, VR.OF, vendor)
            .put(Tag.PIXEL_DATA, VR.OW, pixels);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, dataset, syntax);
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {DicomWriter.EXPLICIT_LITTLE_ENDIAN, DicomWriter.IMPLICIT_LITTLE_ENDIAN})
  void readTheSameFromAFileAsFromMemory(String syntax) throws IOException {
    byte[] bytes = object(syntax);
    Path file = Files.write(folder.resolve("a.dcm"), bytes);
    DicomFile stored = DicomReader.read(new InstanceSource.File(file));
    DicomFile held = DicomReader.read(new InstanceSource.Memory("a", bytes));

    assertThat(stored.dataset().tags()).isEqualTo(held.dataset().tags());
    for (int tag : held.dataset().tags()) {
      assertThat(stored.dataset().bytes(tag).orElseThrow())
          .isEqualTo(held.dataset().bytes(tag).orElseThrow());
      assertThat(stored.dataset().strings(tag)).isEqualTo(held.dataset().strings(tag));
      assertThat(stored.dataset().items(tag)).hasSameSizeAs(held.dataset().items(tag));
    }
    assertThat(stored.dataset().string(TEXT).orElseThrow()).startsWith("größer größer");
    assertThat(stored.dataset().items(0x0008_1140).get(299).string(0x0008_1155))
        .contains("1.2.3.299");
    assertThat(stored.pixelData().orElseThrow().nativeBytes(0, 1 << 20))
        .isEqualTo(held.pixelData().orElseThrow().nativeBytes(0, 1 << 20));
    assertThat(stored.warnings()).isEqualTo(held.warnings()).isEmpty();
  }

  @Test
  void areNotReadForTheHeader() throws IOException {
    Path file = Files.write(folder.resolve("a.dcm"), object(DicomWriter.EXPLICIT_LITTLE_ENDIAN));
    try (ByteSupply supply = ByteSupply.of(new InstanceSource.File(file))) {
      FileMeta meta = FileMeta.read("a", supply, new ArrayList<>());
      assertThat(supply.available()).isEqualTo(8 << 10);
      supply.skip(meta.end(), 300_000);
      assertThat(supply.available()).isEqualTo(meta.end() + (2 << 10));
      assertThat(supply.total()).isEqualTo(Files.size(file) - 300_000);
    }
  }

  @Test
  void thatAreCutOffAreNamedAtTheirPlaceInTheFile() throws IOException {
    byte[] bytes = object(DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    int cut = bytes.length - (1 << 20) - 100_000; // within the points, behind the vendor's value
    Path file = folder.resolve("a.dcm");
    Files.write(file, Arrays.copyOf(bytes, cut));
    List<String> stored = DicomReader.readHeader(new InstanceSource.File(file)).warnings();
    assertThat(stored)
        .isEqualTo(
            DicomReader.readHeader(new InstanceSource.Memory("a", Arrays.copyOf(bytes, cut)))
                .warnings())
        .contains("the file is cut off");
  }

  @Test
  void ofAFileThatBecameShorterAreAnError() throws IOException {
    Path file = Files.write(folder.resolve("a.dcm"), object(DicomWriter.EXPLICIT_LITTLE_ENDIAN));
    DicomDataset dataset = DicomReader.readHeader(new InstanceSource.File(file)).dataset();
    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> dataset.bytes(PRIVATE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("(0029,1010) cannot be read: the file changed meanwhile");
  }
}
