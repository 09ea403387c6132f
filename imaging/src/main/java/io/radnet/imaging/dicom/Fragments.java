package io.radnet.imaging.dicom;

import java.io.IOException;
import java.util.Arrays;

/** Where the fragments of encapsulated pixel data lie, and the offset tables beside them. */
final class Fragments {
  static final Fragments NONE = new Fragments();

  private long[] offsets = new long[0];
  private int[] lengths = new int[0];
  private int count;
  private long[] basicOffsets = new long[0];
  private boolean complete;

  private Fragments() {}

  /**
   * Steps from item to item.
   *
   * @param offset of the basic offset table's item
   * @param total bytes of the object
   */
  static Fragments scan(PixelData.Store store, Encoding encoding, long offset, long total)
      throws IOException {
    Fragments found = new Fragments();
    long at = offset;
    boolean first = true;
    // One read covers many small fragments, each header needs 8 bytes.
    byte[] window = new byte[0];
    long windowAt = at;
    while (at + 8 <= total) {
      if (at < windowAt || at + 8 > windowAt + window.length) {
        windowAt = at;
        window = store.read(at, (int) Math.min(first ? 8192 : 512, total - at));
      }
      int tag = encoding.tag(window, (int) (at - windowAt));
      int length = encoding.integer(window, (int) (at - windowAt) + 4);
      if (tag != Tag.ITEM) {
        found.complete = tag == Tag.SEQUENCE_DELIMITATION_ITEM;
        break;
      }
      at += 8;
      long size = Math.min(length & 0xffffffffL, total - at);
      if (size > Integer.MAX_VALUE - 16) {
        break;
      }
      if (first) {
        found.basicOffsets(store.read(at, (int) size), encoding);
        first = false;
      } else {
        found.add(at, (int) size);
      }
      at += size;
    }
    return found;
  }

  private void basicOffsets(byte[] table, Encoding encoding) {
    basicOffsets = new long[table.length / 4];
    for (int i = 0; i < basicOffsets.length; i++) {
      basicOffsets[i] = encoding.integer(table, 4 * i) & 0xffffffffL;
    }
  }

  private void add(long offset, int length) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, Math.max(16, 2 * count));
      lengths = Arrays.copyOf(lengths, Math.max(16, 2 * count));
    }
    offsets[count] = offset;
    lengths[count++] = length;
  }

  int count() {
    return count;
  }

  /** Whether the sequence delimiter was found. */
  boolean complete() {
    return complete;
  }

  long offset(int fragment) {
    return offsets[fragment];
  }

  int length(int fragment) {
    return lengths[fragment];
  }

  long[] basicOffsets() {
    return basicOffsets;
  }

  /**
   * The fragment that begins at an offset of a table, -1 where none does. Offsets count from the
   * first byte behind the basic offset table, to the item's header.
   */
  int at(long tableOffset) {
    if (count == 0) {
      return -1;
    }
    int found = Arrays.binarySearch(offsets, 0, count, offsets[0] + tableOffset);
    return found >= 0 ? found : -1;
  }
}
