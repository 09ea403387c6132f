package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
  @ParameterizedTest
  @ValueSource(strings = {DicomWriter.IMPLICIT_LITTLE_ENDIAN, DicomWriter.EXPLICIT_LITTLE_ENDIAN})
  void whatIsWrittenIsRead(String syntax) throws IOException {
    WritableDataset dataset =
        new WritableDataset()
            .put(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
            .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
            .put(Tag.SOP_INSTANCE_UID, VR.UI, "2.25.1")
            .put(Tag.SERIES_DESCRIPTION, VR.LO, "Läber")
            .put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY")
            .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 1.5, -2.25, 1 / 3.0)
            .put(Tag.ROWS, VR.US, 2)
            .put(Tag.COLUMNS, VR.US, 2)
            .put(Tag.BITS_ALLOCATED, VR.US, 16)
            .put(Tag.BITS_STORED, VR.US, 12)
            .put(Tag.PIXEL_REPRESENTATION, VR.US, 1)
            .putSequence(
                Tag.ANATOMIC_REGION_SEQUENCE,
                List.of(new WritableDataset().put(Tag.CODE_VALUE, VR.SH, "T-62000")))
            .put(Tag.PIXEL_DATA, VR.OW, new byte[] {1, 0, (byte) 0xff, 0x0f, 0, 8, (byte) 0xff, 7});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, dataset, syntax);

    InstanceSource source = new InstanceSource.Memory("memory", out.toByteArray());
    DicomFile file = DicomReader.read(source);

    assertThat(file.transferSyntaxUid()).isEqualTo(syntax);
    assertThat(file.warnings()).isEmpty();
    assertThat(file.dataset().string(Tag.SERIES_DESCRIPTION)).contains("Läber");
    assertThat(file.dataset().strings(Tag.IMAGE_TYPE)).containsExactly("ORIGINAL", "PRIMARY");
    assertThat(file.dataset().numbers(Tag.IMAGE_POSITION_PATIENT)[2])
        .isCloseTo(1 / 3.0, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(file.dataset().items(Tag.ANATOMIC_REGION_SEQUENCE).get(0).string(Tag.CODE_VALUE))
        .contains("T-62000");
    assertThat(PixelDecoder.frame(file, 0).values()).containsExactly(1, -1, -2048, 2047);
    assertThat(DicomReader.readHeader(source).pixelData()).isEmpty();
  }

  /** GE's syntax has a UID as long as the one that is replaced, its zero included. */
  @ParameterizedTest
  @CsvSource({"16, 258, 772", "8, 2, 1"})
  void pixelsOfGesOwnSyntaxAreBigEndianBehindALittleEndianHeader(int bits, int first, int second) {
    WritableDataset dataset =
        DicomReaderContract.example()
            .put(Tag.ROWS, VR.US, 1)
            .put(Tag.COLUMNS, VR.US, bits == 16 ? 2 : 4)
            .put(Tag.BITS_ALLOCATED, VR.US, bits)
            .put(Tag.PIXEL_DATA, VR.OW, new byte[] {1, 2, 3, 4});
    byte[] object = DicomReaderContract.write(dataset, DicomWriter.IMPLICIT_LITTLE_ENDIAN);
    String text = new String(object, StandardCharsets.ISO_8859_1);
    text = text.replace("1.2.840.10008.1.2\0", "1.2.840.113619.5.2");
    InstanceSource source =
        new InstanceSource.Memory("ge", text.getBytes(StandardCharsets.ISO_8859_1));
    DicomFile file = DicomReader.read(source);
    assertThat(file.warnings()).isEmpty();
    assertThat(file.dataset().string(Tag.MODALITY)).contains("CT");
    assertThat(PixelDecoder.frame(file, 0).values()).startsWith(first, second);
  }
}
