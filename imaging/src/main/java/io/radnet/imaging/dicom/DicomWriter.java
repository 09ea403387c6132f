package io.radnet.imaging.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Writes Part 10 files in implicit or explicit little endian; the same dataset gives the same
 * bytes.
 */
public final class DicomWriter {
  /** Implicit VR little endian. */
  public static final String IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";

  /** Explicit VR little endian. */
  public static final String EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

  private static final String IMPLEMENTATION_CLASS_UID =
      "2.25.195227284713437190137419128013215416327";

  private DicomWriter() {}

  /**
   * Writes preamble, file meta information and dataset.
   *
   * @param transferSyntaxUid implicit or explicit little endian
   * @throws IllegalArgumentException for another transfer syntax
   */
  public static void write(OutputStream out, WritableDataset dataset, String transferSyntaxUid)
      throws IOException {
    boolean explicit = EXPLICIT_LITTLE_ENDIAN.equals(transferSyntaxUid);
    if (!explicit && !IMPLICIT_LITTLE_ENDIAN.equals(transferSyntaxUid)) {
      throw new IllegalArgumentException(
          "transfer syntax: "
              + transferSyntaxUid
              + " (expected: implicit or explicit little endian)");
    }
    WritableDataset meta = new WritableDataset();
    meta.put(0x0002_0001, VR.OB, new byte[] {0, 1});
    meta.put(Tag.MEDIA_STORAGE_SOP_CLASS_UID, VR.UI, dataset.string(Tag.SOP_CLASS_UID).orElse(""));
    meta.put(0x0002_0003, VR.UI, dataset.string(Tag.SOP_INSTANCE_UID).orElse(""));
    meta.put(Tag.TRANSFER_SYNTAX_UID, VR.UI, transferSyntaxUid);
    meta.put(0x0002_0012, VR.UI, IMPLEMENTATION_CLASS_UID);
    byte[] metaBytes = bytes(meta, true);
    WritableDataset length = new WritableDataset().put(0x0002_0000, VR.UL, metaBytes.length);
    out.write(new byte[128]);
    out.write(new byte[] {'D', 'I', 'C', 'M'});
    out.write(bytes(length, true));
    out.write(metaBytes);
    write(out, dataset, explicit);
  }

  private static byte[] bytes(WritableDataset dataset, boolean explicit) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, dataset, explicit);
    return out.toByteArray();
  }

  private static void write(OutputStream out, WritableDataset dataset, boolean explicit)
      throws IOException {
    for (Map.Entry<Integer, WritableDataset.Element> entry : dataset.elements().entrySet()) {
      WritableDataset.Element element = entry.getValue();
      byte[] value;
      if (element.vr() == VR.SQ) {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        for (WritableDataset item : element.items()) {
          byte[] content = bytes(item, explicit);
          items.write(header(Tag.ITEM, 8).putInt(content.length).array());
          items.write(content);
        }
        value = items.toByteArray();
      } else {
        value = WritableDataset.encode(element, ByteOrder.LITTLE_ENDIAN);
      }
      int tag = entry.getKey();
      if (!explicit) {
        out.write(header(tag, 8).putInt(value.length).array());
      } else {
        ByteBuffer header = header(tag, element.vr().longForm() ? 12 : 8);
        header.put((byte) element.vr().name().charAt(0)).put((byte) element.vr().name().charAt(1));
        if (element.vr().longForm()) {
          header.putShort((short) 0).putInt(value.length);
        } else if (value.length > 0xffff) {
          throw new IllegalArgumentException(
              Tag.toString(tag) + ": " + value.length + " bytes (expected: <= 65535)");
        } else {
          header.putShort((short) value.length);
        }
        out.write(header.array());
      }
      out.write(value);
    }
  }

  private static ByteBuffer header(int tag, int size) {
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) (tag >>> 16))
        .putShort((short) tag);
  }
}
