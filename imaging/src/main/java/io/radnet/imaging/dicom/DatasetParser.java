package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks the elements of a dataset in memory. Lengths are checked against what is left; nesting is
 * bounded.
 */
final class DatasetParser {
  private static final int MAXIMUM_DEPTH = 32;
  private static final int UNDEFINED = -1;

  private final String name;
  private final byte[] data;
  private final int end;
  private final ByteBuffer in;
  private final boolean explicit;
  private final ByteOrder order;
  private boolean needsMore;
  private int pixelTag;
  private int pixelOffset = -1;
  private int pixelLength;
  private @Nullable VR pixelVr;

  DatasetParser(String name, byte[] data, int end, boolean explicit, ByteOrder order) {
    this.name = name;
    this.data = data;
    this.end = end;
    this.in = ByteBuffer.wrap(data).order(order);
    this.explicit = explicit;
    this.order = order;
  }

  /** Whether the bytes ended before the pixel data or the end of the dataset. */
  boolean needsMore() {
    return needsMore;
  }

  /** Tag of the pixel data, 0 where there is none. */
  int pixelTag() {
    return pixelTag;
  }

  int pixelOffset() {
    return pixelOffset;
  }

  /** Bytes, -1 where encapsulated. */
  int pixelLength() {
    return pixelLength;
  }

  @Nullable VR pixelVr() {
    return pixelVr;
  }

  ParsedDataset parse(int offset, int limit, Charset charset) {
    Cursor cursor = new Cursor(offset);
    return dataset(cursor, limit, charset, 0, false);
  }

  private static final class Cursor {
    int at;

    Cursor(int at) {
      this.at = at;
    }
  }

  private ParsedDataset dataset(
      Cursor cursor, int limit, Charset charset, int depth, boolean untilDelimiter) {
    if (depth > MAXIMUM_DEPTH) {
      throw new InvalidInputException(name, "sequences nested deeper than " + MAXIMUM_DEPTH);
    }
    TreeMap<Integer, ParsedDataset.Element> elements = new TreeMap<>(Integer::compareUnsigned);
    while (cursor.at < limit) {
      if (limit - cursor.at < 8) {
        if (zeros(cursor.at, limit)) {
          cursor.at = limit;
        } else {
          cutOff(cursor, limit, 0);
        }
        break;
      }
      int start = cursor.at;
      int tag = tag(start);
      if (tag == Tag.ITEM_DELIMITATION_ITEM || tag == Tag.SEQUENCE_DELIMITATION_ITEM) {
        cursor.at = start + 8;
        if (untilDelimiter) {
          return new ParsedDataset(data, order, elements, charset);
        }
        continue;
      }
      VR vr = null;
      int length;
      int value;
      if (explicit) {
        vr = vrAt(start + 4);
        if (vr == null) {
          throw new InvalidInputException(
              name, Tag.toString(tag) + " at offset " + start + " has no valid VR");
        }
        if (vr.longForm()) {
          if (limit - start < 12) {
            cutOff(cursor, limit, tag);
            break;
          }
          length = in.getInt(start + 8);
          value = start + 12;
        } else {
          length = in.getShort(start + 6) & 0xffff;
          value = start + 8;
        }
      } else {
        length = in.getInt(start + 4);
        value = start + 8;
        vr = ImplicitVr.of(tag);
      }
      if (depth == 0
          && (tag == Tag.PIXEL_DATA
              || tag == Tag.FLOAT_PIXEL_DATA
              || tag == Tag.DOUBLE_FLOAT_PIXEL_DATA)) {
        pixelTag = tag;
        pixelOffset = value;
        pixelLength = length;
        pixelVr = vr;
        cursor.at = limit;
        break;
      }
      boolean sequence = vr == VR.SQ || length == UNDEFINED;
      if (sequence) {
        cursor.at = value;
        if (length != UNDEFINED && (length < 0 || length > limit - value)) {
          cutOff(cursor, limit, tag);
          break;
        }
        List<DicomDataset> items =
            items(
                cursor,
                length == UNDEFINED ? limit : value + length,
                charset,
                depth,
                length == UNDEFINED,
                vr);
        elements.put(tag, new ParsedDataset.Element(VR.SQ, value, 0, items));
        if (length != UNDEFINED) {
          cursor.at = value + length;
        }
        if (needsMore) {
          break;
        }
        continue;
      }
      if (length < 0 || length > limit - value) {
        cutOff(cursor, limit, tag);
        break;
      }
      elements.put(tag, new ParsedDataset.Element(vr, value, length, List.of()));
      cursor.at = value + length;
    }
    needsMore |= untilDelimiter; // the bytes ended before the delimiter
    return new ParsedDataset(data, order, elements, charset);
  }

  private void cutOff(Cursor cursor, int limit, int tag) {
    needsMore = true;
    cursor.at = limit;
  }

  private List<DicomDataset> items(
      Cursor cursor,
      int limit,
      Charset charset,
      int depth,
      boolean untilDelimiter,
      @Nullable VR vr) {
    List<DicomDataset> items = new ArrayList<>();
    while (cursor.at < limit) {
      if (limit - cursor.at < 8) {
        cutOff(cursor, limit, 0);
        break;
      }
      int tag = tag(cursor.at);
      int length = in.getInt(cursor.at + 4);
      cursor.at += 8;
      if (tag == Tag.SEQUENCE_DELIMITATION_ITEM) {
        if (untilDelimiter) {
          return items;
        }
        continue;
      }
      if (tag != Tag.ITEM) {
        throw new InvalidInputException(
            name,
            Tag.toString(tag) + " at offset " + (cursor.at - 8) + " (expected: a sequence item)");
      }
      int itemLimit = length == UNDEFINED ? limit : cursor.at + length;
      if (length != UNDEFINED && (length < 0 || length > limit - cursor.at)) {
        cutOff(cursor, limit, tag);
        break;
      }
      boolean implicitItem = explicit && vr == VR.UN;
      DatasetParser parser =
          implicitItem ? new DatasetParser(name, data, end, false, ByteOrder.LITTLE_ENDIAN) : this;
      items.add(parser.dataset(cursor, itemLimit, charset, depth + 1, length == UNDEFINED));
      needsMore |= parser.needsMore;
      if (length != UNDEFINED) {
        cursor.at = itemLimit;
      }
      if (needsMore) {
        break;
      }
    }
    needsMore |= untilDelimiter;
    return items;
  }

  private boolean zeros(int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private int tag(int offset) {
    return (in.getShort(offset) & 0xffff) << 16 | in.getShort(offset + 2) & 0xffff;
  }

  private @Nullable VR vrAt(int offset) {
    String code = "" + (char) data[offset] + (char) data[offset + 1];
    try {
      return VR.valueOf(code);
    } catch (IllegalArgumentException noVr) {
      return null;
    }
  }
}
