package io.radnet.imaging.segmentation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Labels to bits, one per voxel: the first in the lowest bit of the first byte, as PixelData of a
 * binary segmentation has them, whose frames follow each other without a gap.
 */
final class BitPacker {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

  /** Times eight bytes of 0 or 1 this has them as the bits of the highest byte, in order. */
  private static final long GATHER = 0x0102040810204080L;

  private final byte[] packed;
  private long at;

  /**
   * @param bits in all
   * @throws IllegalArgumentException where they are more than an array holds
   */
  BitPacker(long bits) {
    if (bits / 8 > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("bits: " + bits + " (expected: at most 2 GiB of them)");
    }
    packed = new byte[(int) ((bits + 7) / 8)];
  }

  /** Adds a bit for each of {@code count} voxels, set where it has this label. */
  void add(byte[] labels, int from, int count, byte label) {
    long wanted = (label & 0xff) * ONES;
    int end = from + count;
    int n = from;
    for (; n + Long.BYTES <= end; n += Long.BYTES) {
      long different = (long) EIGHT.get(labels, n) ^ wanted;
      // The highest bit of each byte: set where the byte is zero.
      long equal = ~(((different & LOW_BITS) + LOW_BITS) | different | LOW_BITS);
      put((int) ((equal >>> 7) * GATHER >>> 56));
      at += Long.BYTES;
    }
    for (; n < end; n++, at++) {
      if (labels[n] == label) {
        packed[(int) (at >> 3)] |= (byte) (1 << (at & 7));
      }
    }
  }

  private void put(int eight) {
    if (eight == 0) {
      return;
    }
    int place = (int) (at >> 3);
    int shift = (int) (at & 7);
    packed[place] |= (byte) (eight << shift);
    if (shift > 0) {
      packed[place + 1] |= (byte) (eight >> 8 - shift);
    }
  }

  /** All bits; those of the last byte that were not added are 0. */
  byte[] bytes() {
    return packed;
  }
}
