package io.radnet.imaging.dicom;

import java.util.Arrays;

/**
 * Where the elements of one dataset lie in the bytes of its file: four integers per element, sorted
 * by tag. A header of hundreds of elements costs one array, not hundreds of objects.
 */
final class ElementIndex {
  private static final int CELLS = 4;

  private int[] cells;
  private long[] outside = new long[0];
  private int outsideCount;
  private int count;
  private boolean sorted = true;

  ElementIndex(int capacity) {
    cells = new int[capacity * CELLS];
  }

  void clear() {
    count = 0;
    outsideCount = 0;
    sorted = true;
  }

  /**
   * Adds an element whose value was left in the file.
   *
   * @param offset of the value in the file
   */
  void addOutside(int tag, int vr, long offset, int length) {
    if (outside.length == outsideCount) {
      outside = Arrays.copyOf(outside, Math.max(4, 2 * outsideCount));
    }
    outside[outsideCount] = offset;
    add(tag, vr, -1 - outsideCount++, length);
  }

  /**
   * Adds an element; of two with the same tag the later one counts.
   *
   * @param vr the two letters as in the file, 0 where the file does not say it
   */
  void add(int tag, int vr, int offset, int length) {
    if (count > 0) {
      int last = cells[(count - 1) * CELLS];
      if (last == tag) {
        count--;
      } else if (Integer.compareUnsigned(last, tag) > 0) {
        sorted = false;
      }
    }
    if (cells.length < (count + 1) * CELLS) {
      cells = Arrays.copyOf(cells, cells.length * 2);
    }
    int at = count++ * CELLS;
    cells[at] = tag;
    cells[at + 1] = vr;
    cells[at + 2] = offset;
    cells[at + 3] = length;
  }

  /** A copy of the right size, sorted. */
  ElementIndex compact() {
    ElementIndex copy = new ElementIndex(0);
    copy.cells = Arrays.copyOf(cells, count * CELLS);
    copy.outside = outsideCount == 0 ? outside : Arrays.copyOf(outside, outsideCount);
    copy.outsideCount = outsideCount;
    copy.count = count;
    if (!sorted) {
      copy.sort();
    }
    return copy;
  }

  private void sort() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Integer.compareUnsigned(tag(a), tag(b)));
    int[] old = cells;
    int[] fresh = new int[old.length];
    int kept = 0;
    for (int i = 0; i < order.length; i++) {
      int from = order[i] * CELLS;
      if (kept > 0 && fresh[(kept - 1) * CELLS] == old[from]) {
        kept--;
      }
      System.arraycopy(old, from, fresh, kept++ * CELLS, CELLS);
    }
    cells = Arrays.copyOf(fresh, kept * CELLS);
    count = kept;
  }

  int count() {
    return count;
  }

  int tag(int position) {
    return cells[position * CELLS];
  }

  int vr(int position) {
    return cells[position * CELLS + 1];
  }

  /** Whether the value was left in the file. */
  boolean isOutside(int position) {
    return cells[position * CELLS + 2] < 0;
  }

  /** Offset in the file of a value that was left there. */
  long fileOffset(int position) {
    return outside[-1 - cells[position * CELLS + 2]];
  }

  /** Offset of a value that is held. */
  int offset(int position) {
    return cells[position * CELLS + 2];
  }

  int length(int position) {
    return cells[position * CELLS + 3];
  }

  /** The position of a tag, or where it would be inserted as {@code -(insertion) - 1}. */
  int find(int tag) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      int compared = Integer.compareUnsigned(cells[middle * CELLS], tag);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
