package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What every reader of datasets has to do; one subclass per reader. */
abstract class DicomReaderContract {
  /** The dataset of a Part 10 object, up to its pixel data. */
  abstract DicomDataset read(byte[] object);

  static byte[] write(WritableDataset dataset, String syntax) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      DicomWriter.write(out, dataset, syntax);
      return out.toByteArray();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  static WritableDataset example() {
    return new WritableDataset()
        .put(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "2.25.1")
        .put(Tag.MODALITY, VR.CS, "CT")
        .put(Tag.SERIES_DESCRIPTION, VR.LO, "Läber")
        .put(0x0019_0010, VR.LO, "A CREATOR")
        .put(0x0019_1002, VR.LO, "private")
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, "-1.5", "2e1", "+3")
        .put(Tag.ROWS, VR.US, 513)
        .putSequence(
            Tag.ANATOMIC_REGION_SEQUENCE,
            List.of(
                new WritableDataset().put(Tag.CODE_VALUE, VR.SH, "T-62000"),
                new WritableDataset().put(Tag.CODE_VALUE, VR.SH, "T-A0100")));
  }

  private void isTheExample(DicomDataset dataset) {
    assertThat(dataset.string(Tag.SERIES_DESCRIPTION)).contains("Läber");
    assertThat(dataset.numbers(Tag.IMAGE_POSITION_PATIENT)).containsExactly(-1.5, 20, 3);
    assertThat(dataset.integer(Tag.ROWS)).hasValue(513);
    assertThat(dataset.items(Tag.ANATOMIC_REGION_SEQUENCE)).hasSize(2);
    assertThat(dataset.items(Tag.ANATOMIC_REGION_SEQUENCE).get(1).string(Tag.CODE_VALUE))
        .contains("T-A0100");
    assertThat(dataset.privateTag(0x0019, "A CREATOR", 2)).hasValue(0x0019_1002);
    assertThat(dataset.privateTag(0x0019, "ANOTHER", 2)).isEmpty();
    assertThat(dataset.contains(Tag.ECHO_TIME)).isFalse();
    assertThat(dataset.strings(Tag.ECHO_TIME)).isEmpty();
    assertThat(dataset.number(Tag.MODALITY)).isEmpty();
  }

  @Test
  void implicit() {
    isTheExample(read(write(example(), DicomWriter.IMPLICIT_LITTLE_ENDIAN)));
  }

  @Test
  void explicit() {
    isTheExample(read(write(example(), DicomWriter.EXPLICIT_LITTLE_ENDIAN)));
  }

  @Test
  void gzip() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(write(example(), DicomWriter.EXPLICIT_LITTLE_ENDIAN));
    }
    isTheExample(read(out.toByteArray()));
  }

  @Test
  void undefinedLengthsNest() {
    byte[] object = write(new WritableDataset(), DicomWriter.IMPLICIT_LITTLE_ENDIAN);
    Bytes out = new Bytes(object);
    out.element(Tag.ANATOMIC_REGION_SEQUENCE, -1).element(Tag.ITEM, -1);
    out.element(Tag.ANATOMIC_REGION_SEQUENCE, -1).element(Tag.ITEM, -1);
    out.element(Tag.CODE_VALUE, 2).text("A ");
    out.element(Tag.ITEM_DELIMITATION_ITEM, 0).element(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
    out.element(Tag.ITEM_DELIMITATION_ITEM, 0).element(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
    out.element(Tag.ROWS, 2).text("\1\2");
    DicomDataset dataset = read(out.bytes());
    assertThat(dataset.integer(Tag.ROWS)).hasValue(513);
    DicomDataset outer = dataset.items(Tag.ANATOMIC_REGION_SEQUENCE).get(0);
    DicomDataset inner = outer.items(Tag.ANATOMIC_REGION_SEQUENCE).get(0);
    assertThat(inner.string(Tag.CODE_VALUE)).contains("A");
  }

  @Test
  void nestingIsBounded() {
    Bytes out = new Bytes(write(new WritableDataset(), DicomWriter.IMPLICIT_LITTLE_ENDIAN));
    for (int i = 0; i < 10_000; i++) {
      out.element(Tag.ANATOMIC_REGION_SEQUENCE, -1).element(Tag.ITEM, -1);
    }
    assertThatThrownBy(() -> read(out.bytes()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void whatIsNoDicomIsToldInOneLine() {
    for (String text : List.of("", "hello", "a text that is long enough to be looked at, twice")) {
      assertThatThrownBy(() -> read(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no DICOM file")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aLyingLengthAllocatesNothing() {
    Bytes out = new Bytes(write(example(), DicomWriter.IMPLICIT_LITTLE_ENDIAN));
    out.element(0x4000_4000, 0x7ffffff0);
    assertThat(read(out.bytes()).integer(Tag.ROWS)).hasValue(513);
  }

  /** Appends implicit little endian elements. */
  static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes(byte[] begin) {
      out.writeBytes(begin);
    }

    Bytes element(int tag, int length) {
      for (int part : new int[] {tag >>> 16, tag, length, length >>> 16}) {
        out.write(part);
        out.write(part >>> 8);
      }
      return this;
    }

    Bytes text(String value) {
      out.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  static byte[] cut(byte[] object, int length) {
    return Arrays.copyOf(object, length);
  }
}
