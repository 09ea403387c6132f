package io.radnet.imaging.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A modality lookup table, which takes the place of rescale slope and intercept (PS3.3 C.11.1.1).
 */
public final class ModalityLut {
  private final int firstMapped;
  private final int[] entries;

  private ModalityLut(int firstMapped, int[] entries) {
    this.firstMapped = firstMapped;
    this.entries = entries;
  }

  /** The table of an object; empty where it has none, or one that contradicts itself. */
  public static Optional<ModalityLut> of(DicomFile file) {
    DicomDataset dataset = file.dataset();
    List<DicomDataset> items = dataset.items(Tag.MODALITY_LUT_SEQUENCE);
    if (items.size() != 1) {
      return Optional.empty();
    }
    double[] descriptor = items.get(0).numbers(Tag.LUT_DESCRIPTOR);
    Optional<byte[]> data = items.get(0).bytes(Tag.LUT_DATA);
    if (descriptor.length != 3 || data.isEmpty()) {
      return Optional.empty();
    }
    // Files do not always give the descriptor the sign that the pixels have.
    int count = (int) descriptor[0] & 0xffff;
    boolean signed = dataset.integer(Tag.PIXEL_REPRESENTATION).equals(OptionalInt.of(1));
    int first = signed ? (short) (int) descriptor[1] : (int) descriptor[1] & 0xffff;
    int bits = (int) descriptor[2];
    boolean big = TransferSyntax.EXPLICIT_BIG.equals(file.transferSyntaxUid());
    int[] entries = entries(data.get(), count == 0 ? 1 << 16 : count, bits, big);
    return entries.length == 0 ? Optional.empty() : Optional.of(new ModalityLut(first, entries));
  }

  /** The entries, none where the data do not fit the descriptor. */
  private static int[] entries(byte[] data, int count, int bits, boolean big) {
    boolean wide = data.length >= 2 * count; // entries of 8 bits may be padded to 16
    if (bits < 8 || bits > 16 || !wide && (bits > 8 || data.length < count)) {
      return new int[0];
    }
    ByteBuffer in =
        ByteBuffer.wrap(data).order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int[] entries = new int[count];
    for (int i = 0; i < count; i++) {
      int value = wide ? in.getShort(2 * i) : data[big && (i ^ 1) < data.length ? i ^ 1 : i];
      entries[i] = value & (1 << bits) - 1;
    }
    return entries;
  }

  /** A frame of stored values as the table maps them; values outside take the nearest entry. */
  public PixelFrame apply(PixelFrame stored) {
    int[] values = stored.values().clone();
    for (int i = 0; i < values.length; i++) {
      long entry = Math.max(0, Math.min(entries.length - 1L, (long) stored.value(i) - firstMapped));
      values[i] = entries[(int) entry];
    }
    return new PixelFrame(
        stored.rows(), stored.columns(), stored.samples(), values, false, stored.floats());
  }
}
