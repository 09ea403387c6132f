package io.radnet.imaging.dicom;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** How the elements of a dataset are laid out: with or without VR, in which byte order. */
enum Encoding {
  IMPLICIT_LITTLE(false, ByteOrder.LITTLE_ENDIAN),
  EXPLICIT_LITTLE(true, ByteOrder.LITTLE_ENDIAN),
  EXPLICIT_BIG(true, ByteOrder.BIG_ENDIAN);

  private static final VarHandle LITTLE_SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final boolean explicit;
  private final ByteOrder order;

  Encoding(boolean explicit, ByteOrder order) {
    this.explicit = explicit;
    this.order = order;
  }

  boolean explicit() {
    return explicit;
  }

  ByteOrder order() {
    return order;
  }

  int unsignedShort(byte[] data, int at) {
    VarHandle view = order == ByteOrder.LITTLE_ENDIAN ? LITTLE_SHORT : BIG_SHORT;
    return (short) view.get(data, at) & 0xffff;
  }

  int integer(byte[] data, int at) {
    return order == ByteOrder.LITTLE_ENDIAN
        ? (int) LITTLE_INT.get(data, at)
        : (int) BIG_INT.get(data, at);
  }

  int tag(byte[] data, int at) {
    return unsignedShort(data, at) << 16 | unsignedShort(data, at + 2);
  }

  /**
   * Whether an element can begin here: a group as datasets begin with, a VR that exists, a length
   * that fits.
   *
   * @param left bytes from {@code at} to the end of the object
   */
  boolean begins(byte[] data, int at, long left) {
    int group = unsignedShort(data, at);
    if (group < 2 || group > 0xff) {
      return false;
    }
    boolean letters = VR.known(data[at + 4], data[at + 5]);
    if (explicit || letters) {
      return explicit && letters; // as a length, letters are over 16 KB: no first element is
    }
    int length = integer(data, at + 4);
    return length == -1 || (length & 0xffffffffL) <= left - 8;
  }
}
