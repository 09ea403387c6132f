package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as archives have them and textbooks do not. */
class OddFilesTest {
  private static WritableDataset image(int bits, boolean signed, byte[] pixels) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "2.25.1")
        .put(Tag.MODALITY, VR.CS, "CT")
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME1")
        .put(Tag.ROWS, VR.US, 1)
        .put(Tag.COLUMNS, VR.US, 2)
        .put(Tag.BITS_ALLOCATED, VR.US, bits)
        .put(Tag.BITS_STORED, VR.US, bits)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, signed ? 1 : 0)
        .put(Tag.PIXEL_DATA, VR.OW, pixels);
  }

  private static byte[] written(WritableDataset dataset) {
    return DicomReaderContract.write(dataset, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
  }

  private static DicomFile read(byte[] bytes) {
    return DicomReader.read(new InstanceSource.Memory("odd", bytes));
  }

  /** MONOCHROME1 throughout: the meaning of black changes no value. */
  @ParameterizedTest
  @CsvSource({
    "8, true, FB05, -5, 5",
    "8, false, FB05, 251, 5",
    "16, true, FBFF0500, -5, 5",
    "32, true, FBFFFFFF05000000, -5, 5",
    "32, false, FBFFFFFF05000000, 4294967291, 5"
  })
  void valuesHaveTheirSignAndSize(int bits, boolean signed, String hex, double one, double two) {
    byte[] pixels = java.util.HexFormat.of().parseHex(hex);
    PixelFrame frame = PixelDecoder.frame(read(written(image(bits, signed, pixels))), 0);
    assertThat(frame.value(0)).isEqualTo(one);
    assertThat(frame.value(1)).isEqualTo(two);
  }

  @Test
  void deflatedFilesHaveTheirPixels() {
    byte[] plain = written(image(16, false, new byte[] {1, 2, 3, 4}));
    // The UID of deflated data is longer by three: made shorter by leaving out the meta length.
    byte[] meta = meta("1.2.840.10008.1.2.1.99");
    byte[] dataset = Arrays.copyOfRange(plain, datasetBegins(plain), plain.length);
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(dataset);
    deflater.finish();
    byte[] packed = new byte[dataset.length + 64];
    int size = deflater.deflate(packed);
    deflater.end();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(meta);
    out.write(packed, 0, size);
    DicomFile file = read(out.toByteArray());
    assertThat(file.dataset().string(Tag.MODALITY)).contains("CT");
    assertThat(PixelDecoder.frame(file, 0).values()).containsExactly(0x0201, 0x0403);
  }

  /** The meta information of this syntax, with nothing but it. */
  private static byte[] meta(String syntax) {
    String uid = syntax.length() % 2 == 0 ? syntax : syntax + "\0";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[] {2, 0, 0, 0, 'U', 'L', 4, 0, (byte) (8 + uid.length()), 0, 0, 0});
    out.writeBytes(new byte[] {2, 0, 0x10, 0, 'U', 'I', (byte) uid.length(), 0});
    out.writeBytes(uid.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static int datasetBegins(byte[] object) {
    return new String(object, StandardCharsets.ISO_8859_1).indexOf("\b\0\26\0UI", 132);
  }

  @Test
  void anUnknownSyntaxIsNamedAndItsHeaderRead() {
    DicomFile file = encapsulated("1.2.840.10008.1.2.4.102");
    assertThat(file.dataset().string(Tag.MODALITY)).contains("CT");
    assertThatThrownBy(() -> PixelDecoder.frame(file, 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no decoder for transfer syntax 1.2.840.10008.1.2.4.102");
  }

  /** Found by fuzzing: the element had swallowed those behind it, and a message showed them. */
  @Test
  void aSyntaxThatIsNoUidIsNotShown() {
    DicomFile file = encapsulated("1.20DS\n4000.0 DOE^JANE");
    assertThatThrownBy(() -> PixelDecoder.frame(file, 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("no decoder for the transfer syntax: its UID is malformed");
  }

  /** One frame of four bytes. */
  private static DicomFile encapsulated(String syntax) {
    byte[] plain = written(image(16, false, new byte[] {1, 2, 3, 4}));
    byte[] dataset = Arrays.copyOfRange(plain, datasetBegins(plain), plain.length - 16);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(meta(syntax));
    out.writeBytes(dataset);
    out.writeBytes(new byte[] {(byte) 0xe0, 0x7f, 0x10, 0, 'O', 'B', 0, 0, -1, -1, -1, -1});
    out.writeBytes(new byte[] {-2, -1, 0, (byte) 0xe0, 0, 0, 0, 0}); // no offsets
    out.writeBytes(new byte[] {-2, -1, 0, (byte) 0xe0, 4, 0, 0, 0, 1, 2, 3, 4});
    out.writeBytes(new byte[] {-2, -1, (byte) 0xdd, (byte) 0xe0, 0, 0, 0, 0});
    return read(out.toByteArray());
  }

  @Test
  void questionMarksForAVrCostNothingElse() {
    WritableDataset dataset =
        image(16, false, new byte[] {1, 2, 3, 4}).put(0x0029_1008, VR.LO, "PRIVATE");
    byte[] object = written(dataset);
    String text = new String(object, StandardCharsets.ISO_8859_1);
    text = text.replace("\b\20LO", "\b\20??");
    assertThat(text).contains("\b\20??");
    DicomFile file = read(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(file.dataset().bytes(0x0029_1008).orElseThrow())
        .isEqualTo("PRIVATE ".getBytes(StandardCharsets.US_ASCII));
    assertThat(PixelDecoder.frame(file, 0).values()).containsExactly(0x0201, 0x0403);
  }

  @Test
  void theHeaderKnowsThatPixelsAreCutOff() {
    byte[] object = written(image(16, false, new byte[] {1, 2, 3, 4}));
    byte[] cut = Arrays.copyOf(object, object.length - 2);
    assertThat(DicomReader.readHeader(new InstanceSource.Memory("cut", cut)).warnings())
        .containsExactly(DicomReader.PIXELS_CUT_OFF);
    assertThat(DicomReader.readHeader(new InstanceSource.Memory("whole", object)).warnings())
        .isEmpty();
  }

  /** A single component has nothing that its sampling could be relative to. */
  @Test
  void losslessJpegOfOneComponentMayStateAnySampling() throws Exception {
    Path path =
        Path.of(System.getProperty("radnet.shared", "../../shared"), "data")
            .resolve("neurolabusc+dcm_qa_ts/In/5.dcm");
    Assumptions.assumeTrue(Files.exists(path), path + " is absent");
    byte[] object = Files.readAllBytes(path);
    int[] expected = PixelDecoder.frame(read(object.clone()), 0).values();
    String text = new String(object, StandardCharsets.ISO_8859_1);
    int frame = text.indexOf("\u00ff\u00c3");
    assertThat(object[frame + 9]).isEqualTo((byte) 1);
    object[frame + 11] = 0x22;
    assertThat(PixelDecoder.frame(read(object), 0).values()).isEqualTo(expected);
  }
}
