package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A dataset over the bytes of a file: elements are located once and decoded on demand. */
final class ParsedDataset implements DicomDataset {
  private static final double[] NONE = new double[0];

  private final byte[] data;
  private final @Nullable InstanceSource source;
  private final Encoding encoding;
  private final ElementIndex index;
  private final CharacterSet characterSet;
  private final int depth;
  private volatile @Nullable Map<Integer, List<DicomDataset>> sequences;

  /**
   * A dataset.
   *
   * @param data that the index's offsets count in
   * @param source of the values that were left in the file; null where none were
   */
  ParsedDataset(
      byte[] data,
      @Nullable InstanceSource source,
      Encoding encoding,
      ElementIndex index,
      CharacterSet inherited,
      int depth) {
    this.data = data;
    this.source = source;
    this.encoding = encoding;
    this.index = index;
    this.depth = depth;
    int named = index.find(Tag.SPECIFIC_CHARACTER_SET);
    this.characterSet =
        named < 0 || index.length(named) <= 0 || index.isOutside(named)
            ? inherited
            : CharacterSet.of(
                new String(
                    data, index.offset(named), index.length(named), StandardCharsets.ISO_8859_1));
  }

  /**
   * The layout of an item: that of its sequence, unless its first element shows that a writer
   * switched.
   */
  static Encoding itemEncoding(Encoding sequence, byte[] data, int at, int limit) {
    if (limit - at < 8 || sequence == Encoding.EXPLICIT_BIG) {
      return sequence;
    }
    boolean letters = VR.known(data[at + 4], data[at + 5]);
    if (sequence.explicit() == letters
        || sequence.tag(data, at) >>> 16 == 0xFFFE) { // an empty item
      return sequence;
    }
    if (sequence.explicit()) {
      int length = sequence.integer(data, at + 4);
      return length == -1 || length >= 0 && length <= limit - at - 8
          ? Encoding.IMPLICIT_LITTLE
          : sequence;
    }
    int length = sequence.integer(data, at + 4);
    return length < 0 || length > limit - at - 8 ? Encoding.EXPLICIT_LITTLE : sequence;
  }

  private VR vr(int position) {
    int code = index.vr(position);
    int tag = index.tag(position);
    if (code != 0 && (code != VR.UN.code() || (tag >>> 16 & 1) == 1)) {
      VR known = VR.of(code);
      return known == null ? VR.UN : known;
    }
    return ImplicitVr.of(tag);
  }

  /** UN holds little endian, whatever the file is (PS3.5 6.2.2). */
  private Encoding encoding(int position) {
    return index.vr(position) == VR.UN.code() ? Encoding.IMPLICIT_LITTLE : encoding;
  }

  /** Where the bytes of a value lie. */
  private record Value(byte[] data, int offset, int length) {}

  /** The bytes of an element; those that were left in the file are read, and not kept. */
  private Value value(int position) {
    int length = index.length(position);
    if (!index.isOutside(position)) {
      return new Value(data, index.offset(position), length);
    }
    if (!(source instanceof InstanceSource.File file)) {
      throw new IllegalStateException("a value was left in what is no file");
    }
    try {
      byte[] read = new PixelData.OnDisk(file.path()).read(index.fileOffset(position), length);
      return new Value(read, 0, length);
    } catch (IOException failure) {
      throw new InvalidInputException(
          file.name(),
          Tag.toString(index.tag(position)) + " cannot be read: the file changed meanwhile",
          failure);
    }
  }

  @Override
  public boolean contains(int tag) {
    return index.find(tag) >= 0;
  }

  @Override
  public Optional<String> string(int tag) {
    List<String> values = strings(tag);
    return values.isEmpty() || values.get(0).isEmpty()
        ? Optional.empty()
        : Optional.of(values.get(0));
  }

  @Override
  public List<String> strings(int tag) {
    int position = index.find(tag);
    if (position < 0 || index.length(position) == 0) {
      return List.of();
    }
    VR vr = vr(position);
    if (vr == VR.SQ) {
      return List.of();
    }
    if (vr.numberSize() > 0) {
      List<String> texts = new ArrayList<>();
      for (double value : numbers(tag)) {
        texts.add(value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value));
      }
      return texts;
    }
    return split(text(position, vr), vr);
  }

  private String text(int position, VR vr) {
    Value value = value(position);
    return vr.localized()
        ? characterSet.decode(value.data, value.offset, value.length)
        : new String(value.data, value.offset, value.length, StandardCharsets.ISO_8859_1);
  }

  private static List<String> split(String text, VR vr) {
    // These may hold backslashes: they have one value (PS3.5 6.2).
    boolean single = vr == VR.LT || vr == VR.ST || vr == VR.UT || vr == VR.UR;
    int next = single ? -1 : text.indexOf('\\');
    if (next < 0) {
      return List.of(trim(text));
    }
    List<String> values = new ArrayList<>();
    int from = 0;
    for (; next >= 0; next = text.indexOf('\\', from)) {
      values.add(trim(text.substring(from, next)));
      from = next + 1;
    }
    values.add(trim(text.substring(from)));
    return values;
  }

  private static String trim(String part) {
    int end = part.indexOf('\0');
    return (end < 0 ? part : part.substring(0, end)).strip();
  }

  @Override
  public OptionalDouble number(int tag) {
    double[] values = numbers(tag);
    return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
  }

  @Override
  public OptionalDouble number(int tag, VR assumed) {
    int position = index.find(tag);
    return position >= 0
            && vr(position) == VR.UN
            && assumed.numberSize() > 0
            && index.length(position) == assumed.numberSize()
        ? OptionalDouble.of(binary(position, assumed)[0])
        : number(tag);
  }

  @Override
  public double[] numbers(int tag) {
    int position = index.find(tag);
    if (position < 0 || index.length(position) == 0) {
      return NONE;
    }
    VR vr = vr(position);
    return switch (vr) {
      case US, SS, UL, SL, FL, FD, SV, UV, AT -> binary(position, vr);
      case SQ, OB, OD, OF, OL, OV, OW -> NONE;
      default -> decimals(split(text(position, vr), vr));
    };
  }

  private double[] binary(int position, VR vr) {
    Value value = value(position);
    ByteBuffer in =
        ByteBuffer.wrap(value.data, value.offset, value.length).order(encoding(position).order());
    double[] values = new double[value.length / vr.numberSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (vr) {
            case US -> in.getShort() & 0xffff;
            case SS -> in.getShort();
            case UL -> in.getInt() & 0xffffffffL;
            case AT -> (in.getShort() & 0xffffL) << 16 | in.getShort() & 0xffff;
            case FL -> in.getFloat();
            case FD -> in.getDouble();
            case SV, UV -> in.getLong();
            default -> in.getInt();
          };
    }
    return values;
  }

  private static double[] decimals(List<String> texts) {
    double[] values = new double[texts.size()];
    for (int i = 0; i < values.length; i++) {
      String text = texts.get(i);
      if (!Decimal.valid(text)) {
        return NONE;
      }
      values[i] = Double.parseDouble(text);
    }
    return values;
  }

  @Override
  public List<DicomDataset> items(int tag) {
    int position = index.find(tag);
    if (position < 0 || index.length(position) < 8 || depth >= DatasetParser.MAXIMUM_DEPTH) {
      return List.of();
    }
    int code = index.vr(position);
    if (code != VR.SQ.code() && code != 0 && code != VR.UN.code()) {
      return List.of();
    }
    Map<Integer, List<DicomDataset>> known = sequences;
    if (known == null) {
      known = new ConcurrentHashMap<>();
      sequences = known;
    }
    List<DicomDataset> items = known.get(tag);
    if (items == null) {
      items = List.copyOf(parseItems(position));
      known.put(tag, items);
    }
    return items;
  }

  private List<DicomDataset> parseItems(int position) {
    Encoding layout = encoding(position);
    Value value = value(position);
    byte[] bytes = value.data;
    int at = value.offset;
    int limit = at + value.length;
    List<DicomDataset> items = new ArrayList<>();
    DatasetParser parser = new DatasetParser("", new ElementIndex(16));
    while (limit - at >= 8 && layout.tag(bytes, at) == Tag.ITEM) {
      int length = layout.integer(bytes, at + 4);
      at += 8;
      boolean delimited = length == -1;
      if (!delimited && (length < 0 || length > limit - at)) {
        break;
      }
      int behind = delimited ? limit : at + length;
      Encoding item = itemEncoding(layout, bytes, at, behind);
      try {
        parser.parseItem(bytes, at, behind, item, delimited);
      } catch (InvalidInputException malformed) {
        // What precedes the malformed element is readable; the dataset never throws for values.
        delimited = false;
      }
      items.add(
          new ParsedDataset(bytes, null, item, parser.index().compact(), characterSet, depth + 1));
      at = delimited ? parser.end() : behind;
    }
    return items;
  }

  @Override
  public Optional<byte[]> bytes(int tag) {
    int position = index.find(tag);
    if (position < 0) {
      return Optional.empty();
    }
    Value value = value(position);
    return Optional.of(Arrays.copyOfRange(value.data, value.offset, value.offset + value.length));
  }

  @Override
  public OptionalInt privateTag(int group, String creator, int element) {
    int from = index.find(group << 16 | 0x10);
    for (int i = from < 0 ? -from - 1 : from; i < index.count(); i++) {
      int tag = index.tag(i);
      if (tag >>> 16 != group || (tag & 0xffff) > 0xff) {
        break;
      }
      if (string(tag).filter(creator::equals).isPresent()) {
        return OptionalInt.of(group << 16 | (tag & 0xff) << 8 | element);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public int[] tags() {
    int[] tags = new int[index.count()];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = index.tag(i);
    }
    return tags;
  }
}
