package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real files: the same image in many transfer syntaxes, and files that are broken. */
class SharedFilesTest {
  private static final Path DATA =
      Path.of(System.getProperty("radnet.shared", "../../shared"), "data");
  private static final Path PYDICOM = DATA.resolve("pydicom+pydicom/src/pydicom/data");

  @BeforeEach
  void dataIsThere() {
    Assumptions.assumeTrue(Files.isDirectory(DATA), DATA + " is absent: no real files to read");
  }

  private static DicomFile read(Path path) {
    return DicomReader.read(new InstanceSource.File(path));
  }

  private static int[] pixels(Path path) {
    return PixelDecoder.frame(read(path), 0).values();
  }

  @Test
  void nineTransferSyntaxesOfOneImage() {
    Path folder = DATA.resolve("neurolabusc+dcm_qa_ts/In");
    int[] expected = pixels(folder.resolve("1.dcm"));
    for (int i = 2; i <= 9; i++) {
      assertThat(pixels(folder.resolve(i + ".dcm"))).as("variant %d", i).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"implicit", "bigendian", "expb", "RLE", "jp2klossless", "jpeg_ls_lossless"})
  void variantsOfOneSlice(String variant) {
    Path folder = PYDICOM.resolve("test_files");
    assertThat(pixels(folder.resolve("MR_small_" + variant + ".dcm")))
        .isEqualTo(pixels(folder.resolve("MR_small.dcm")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"liver", "rtdose"})
  void bigEndianVariants(String name) {
    Path folder = PYDICOM.resolve("test_files");
    assertThat(pixels(folder.resolve(name + "_expb_1frame.dcm")))
        .isEqualTo(pixels(folder.resolve(name + "_1frame.dcm")));
  }

  @Test
  void namesInAllScripts() {
    Path folder = PYDICOM.resolve("charset_files");
    assertThat(patientName(folder.resolve("chrH31.dcm"))).isEqualTo("Yamada^Tarou=山田^太郎=やまだ^たろう");
    assertThat(patientName(folder.resolve("chrI2.dcm"))).isEqualTo("Hong^Gildong=洪^吉洞=홍^길동");
    assertThat(patientName(folder.resolve("chrX1.dcm"))).isEqualTo("Wang^XiaoDong=王^小東=");
    assertThat(patientName(folder.resolve("chrRuss.dcm"))).isEqualTo("Люкceмбypг");
  }

  private static String patientName(Path path) {
    return read(path).dataset().string(0x0010_0010).orElseThrow();
  }

  @Test
  void brokenPixelsLeaveTheHeader() {
    DicomFile file = read(PYDICOM.resolve("test_files/MR_truncated.dcm"));
    assertThat(file.dataset().integer(Tag.ROWS)).hasValue(64);
    assertThat(file.warnings()).contains("the pixel data is cut off");
    assertThatThrownBy(() -> PixelDecoder.frame(file, 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected: 8192");
  }

  @Test
  void everyFileIsReadOrToldInOneLine() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(DATA)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    int read = 0;
    for (Path path : files) {
      try {
        DicomFile file = DicomReader.readHeader(new InstanceSource.File(path));
        assertThat(file.dataset().tags()).as(path.toString()).isNotEmpty();
        read++;
      } catch (InvalidInputException told) {
        assertThat(told.getMessage()).contains(path.toString()).doesNotContain("\n");
      }
    }
    assertThat(read).isGreaterThan(files.size() / 2);
  }
}
