package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Locates the elements of one dataset. Sequences are stepped over, without recursion, and parsed
 * when somebody asks for their items. Every length is checked against what is left of the file
 * before anything is done with it.
 */
final class DatasetParser {
  /** Deepest nesting of sequences that is followed. */
  static final int MAXIMUM_DEPTH = 30;

  /** Longest value that is read although it may be left in the file; a read costs about as much. */
  private static final int HELD = 4 << 10;

  private static final int UNDEFINED = -1;

  private final String name;
  private final ElementIndex index;
  private byte[] data = new byte[0];
  private int available;
  private long total;
  private Encoding encoding = Encoding.EXPLICIT_LITTLE;

  private int at;
  private long wanted;
  private long skip;
  private long skipped;
  private boolean skippable;
  private @Nullable String cutOff;
  private int pixelTag;
  private @Nullable VR pixelVr;
  private int pixelOffset;
  private int pixelLength;

  // The element that was read last.
  private int vr;
  private int value;
  private int length;

  DatasetParser(String name, ElementIndex index) {
    this.name = name;
    this.index = index;
  }

  /** Bytes that must be available before the walk can go on; 0 where it is at its end. */
  long wanted() {
    return wanted;
  }

  /** Bytes at {@link #end()} to leave out before the walk can go on; 0 where there are none. */
  long skip() {
    return skip;
  }

  /** What the object lacks, in words; null where it is whole. */
  @Nullable String cutOff() {
    return cutOff;
  }

  /** Tag of the pixel data, 0 where there is none. */
  int pixelTag() {
    return pixelTag;
  }

  @Nullable VR pixelVr() {
    return pixelVr;
  }

  int pixelOffset() {
    return pixelOffset;
  }

  /** Unsigned; -1 where the pixel data is encapsulated. */
  int pixelLength() {
    return pixelLength;
  }

  /** Where the walk ended. */
  int end() {
    return at;
  }

  ElementIndex index() {
    return index;
  }

  /**
   * Prepares a walk of the outermost dataset.
   *
   * @param skippable whether values that are long and not here may be left in the file
   */
  void begin(int start, Encoding encoding, boolean skippable) {
    this.at = start;
    this.encoding = encoding;
    this.skippable = skippable;
    skipped = 0;
    pixelTag = 0;
    pixelVr = null;
    index.clear();
  }

  /**
   * Walks on, up to the pixel data or to where bytes are {@link #wanted()} or are to be left out.
   *
   * @param bytes whose positions are those of the last call, less what was left out since
   * @param held bytes that are in {@code bytes}
   * @param size bytes of the whole object, less what was left out
   */
  void proceed(byte[] bytes, int held, long size) {
    reset(bytes, held, size);
    walk(Integer.MAX_VALUE, false, true);
  }

  /**
   * Walks one sequence item.
   *
   * @param limit offset behind the item, or behind all that may belong to it
   * @param delimited whether the item ends at a delimiter
   */
  void parseItem(byte[] data, int start, int limit, Encoding encoding, boolean delimited) {
    begin(start, encoding, false);
    reset(data, limit, limit);
    walk(limit, delimited, false);
  }

  private void reset(byte[] bytes, int held, long size) {
    this.data = bytes;
    this.available = held;
    this.total = size;
    wanted = 0;
    skip = 0;
    cutOff = null;
  }

  private void walk(int limit, boolean delimited, boolean outermost) {
    while (at < limit) {
      if (at >= total) {
        cutOff = delimited ? "an item has no end" : null;
        return;
      }
      if (!has(at + 8L)) {
        if (wanted == 0 && zeros(at, available)) {
          at = available; // padding
          cutOff = null;
        }
        return;
      }
      int start = at;
      int tag = encoding.tag(data, start);
      if (tag == Tag.ITEM_DELIMITATION_ITEM) {
        at = start + 8;
        if (delimited) {
          return;
        }
        continue;
      }
      if (tag == Tag.SEQUENCE_DELIMITATION_ITEM) {
        at = start + 8; // a stray one
        continue;
      }
      if (!element(start, tag, encoding)) {
        return;
      }
      if (outermost
          && (tag == Tag.PIXEL_DATA
              || tag == Tag.FLOAT_PIXEL_DATA
              || tag == Tag.DOUBLE_FLOAT_PIXEL_DATA)) {
        pixelTag = tag;
        pixelVr = vr == 0 ? null : VR.of(vr);
        pixelOffset = value;
        pixelLength = length;
        return;
      }
      if (length == UNDEFINED) {
        int type = vr;
        int begin = value;
        int behind = behindUndefined(value, type == VR.UN.code() ? implicit() : encoding);
        if (behind < 0) {
          return;
        }
        index.add(
            tag, type == 0 || type == VR.UN.code() ? VR.SQ.code() : type, begin, behind - begin);
        at = behind;
      } else {
        if (leftInFile()) {
          index.addOutside(tag, vr, value + skipped, length);
          at = value;
          skip = length;
          skipped += length;
          return;
        }
        if (!fits(tag, start)) {
          return;
        }
        index.add(tag, vr, value, length);
        at = value + length;
      }
    }
  }

  private static Encoding implicit() {
    return Encoding.IMPLICIT_LITTLE;
  }

  /** Reads tag, VR and length at an offset; false where the bytes do not suffice. */
  private boolean element(int start, int tag, Encoding layout) {
    if (!layout.explicit()) {
      vr = 0;
      value = start + 8;
      length = layout.integer(data, start + 4);
      return true;
    }
    int first = data[start + 4];
    int second = data[start + 5];
    VR known = VR.of(first, second);
    boolean letters = first >= 'A' && first <= 'Z' && second >= 'A' && second <= 'Z';
    if (known == null && !letters) {
      // Some writers fall back to implicit VR for single elements, others put "??" for a VR.
      length = layout.integer(data, start + 4);
      boolean odd = length != UNDEFINED && length % 2 != 0;
      if (odd && first > ' ' && second > ' ') {
        vr = VR.UN.code();
        length = layout.unsignedShort(data, start + 6);
        value = start + 8;
        return true;
      }
      if (length != UNDEFINED && (length < 0 || length > total - start - 8)) {
        throw new InvalidInputException(
            name, Tag.toString(tag) + " at offset " + (start + skipped) + " has no valid VR");
      }
      vr = 0;
      value = start + 8;
      return true;
    }
    vr = first << 8 | second;
    // A VR of a later edition has the long form (PS3.5 6.2), which two zero bytes confirm.
    boolean longForm =
        known != null ? known.longForm() : layout.unsignedShort(data, start + 6) == 0;
    if (!longForm) {
      length = layout.unsignedShort(data, start + 6);
      value = start + 8;
      return true;
    }
    if (!has(start + 12L)) {
      return false;
    }
    length = layout.integer(data, start + 8);
    value = start + 12;
    return true;
  }

  /** Whether the value of the element is long, and so far in the file only. */
  private boolean leftInFile() {
    return skippable
        && length > HELD
        && length < Integer.MAX_VALUE - 16
        && value + (long) length > available
        && value + (long) length <= total;
  }

  /** Whether the value of the element lies within the object and its bytes are here. */
  private boolean fits(int tag, int start) {
    long behind = value + (length & 0xffffffffL);
    if (behind > total || behind > Integer.MAX_VALUE - 16) {
      cutOff =
          Tag.toString(tag)
              + " at offset "
              + (start + skipped)
              + " claims "
              + (length & 0xffffffffL)
              + " bytes, "
              + Math.max(0, total == Long.MAX_VALUE ? available - value : total - value)
              + " are left";
      return false;
    }
    return has(behind);
  }

  private boolean has(long behind) {
    if (behind <= available) {
      return true;
    }
    if (behind > total) {
      cutOff = "an element at offset " + (at + skipped) + " is incomplete";
    } else {
      wanted = behind + 512; // the next elements will be asked for at once
      wanted = Math.min(wanted, total);
    }
    return false;
  }

  /**
   * The offset behind the delimiter of a sequence of undefined length, -1 where the object ends
   * before. Levels are bits: set in {@code items} inside an item, clear between items.
   */
  private int behindUndefined(int start, Encoding layout) {
    Encoding[] layouts = new Encoding[2 * MAXIMUM_DEPTH + 2];
    long items = 0;
    int depth = 0;
    layouts[0] = layout;
    int position = start;
    while (true) {
      if (!has(position + 8L)) {
        return -1;
      }
      Encoding current = layouts[depth];
      int tag = current.tag(data, position);
      boolean inItem = (items >>> depth & 1) == 1;
      if (tag == Tag.SEQUENCE_DELIMITATION_ITEM) {
        position += 8;
        depth -= inItem ? 2 : 1; // an item may lack its own delimiter
        if (depth < 0) {
          return position;
        }
      } else if (tag == Tag.ITEM_DELIMITATION_ITEM) {
        position += 8;
        depth -= inItem ? 1 : 0;
      } else if (!inItem) {
        if (tag != Tag.ITEM) {
          throw new InvalidInputException(
              name,
              Tag.toString(tag)
                  + " at offset "
                  + (position + skipped)
                  + " (expected: a sequence item)");
        }
        length = current.integer(data, position + 4);
        value = position + 8;
        position = value;
        if (length == UNDEFINED) {
          depth = deeper(depth, position);
          items |= 1L << depth;
          if (!has(position + 8L)) {
            return -1;
          }
          layouts[depth] = ParsedDataset.itemEncoding(current, data, position, available);
        } else if (fits(tag, position - 8)) {
          position = value + length;
        } else {
          return -1;
        }
      } else {
        if (!element(position, tag, current)) {
          return -1;
        }
        if (length == UNDEFINED) {
          depth = deeper(depth, position);
          items &= ~(1L << depth);
          layouts[depth] = vr == VR.UN.code() ? implicit() : current;
          position = value;
        } else if (fits(tag, position)) {
          position = value + length;
        } else {
          return -1;
        }
      }
    }
  }

  private int deeper(int depth, int position) {
    if (depth + 1 >= 2 * MAXIMUM_DEPTH) {
      throw new InvalidInputException(
          name,
          "sequences nested deeper than " + MAXIMUM_DEPTH + " at offset " + (position + skipped));
    }
    return depth + 1;
  }

  private boolean zeros(int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
