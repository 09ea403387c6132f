package io.radnet.imaging.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A dataset over the bytes of a file: elements are located once and decoded on demand. */
final class ParsedDataset implements DicomDataset {
  /** One element: its VR where the file tells it, where its value lies, and its items. */
  record Element(@Nullable VR vr, int offset, int length, List<DicomDataset> items) {}

  private final byte[] data;
  private final ByteOrder order;
  private final TreeMap<Integer, Element> elements;
  private final Charset charset;

  ParsedDataset(
      byte[] data, ByteOrder order, TreeMap<Integer, Element> elements, Charset inherited) {
    this.data = data;
    this.order = order;
    this.elements = elements;
    Element named = elements.get(Tag.SPECIFIC_CHARACTER_SET);
    this.charset =
        named == null
            ? inherited
            : charset(new String(data, named.offset(), named.length(), StandardCharsets.US_ASCII));
  }

  private static Charset charset(String value) {
    String name = value.strip();
    if (name.endsWith("192")) {
      return StandardCharsets.UTF_8;
    }
    if (name.startsWith("GB")) {
      return Charset.forName("GB18030");
    }
    return StandardCharsets.ISO_8859_1;
  }

  Charset charset() {
    return charset;
  }

  @Nullable Element element(int tag) {
    return elements.get(tag);
  }

  @Override
  public boolean contains(int tag) {
    return elements.containsKey(tag);
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
    Element element = elements.get(tag);
    if (element == null || element.length() == 0 || element.vr() == VR.SQ) {
      return List.of();
    }
    if (binary(element, tag)) {
      return Arrays.stream(numbers(tag))
          .mapToObj(v -> v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v))
          .toList();
    }
    String text = new String(data, element.offset(), element.length(), charset);
    List<String> values = new ArrayList<>();
    for (String part : text.split("\\\\", -1)) {
      int end = part.indexOf('\0');
      values.add((end < 0 ? part : part.substring(0, end)).strip());
    }
    return values;
  }

  @Override
  public OptionalDouble number(int tag) {
    double[] values = numbers(tag);
    return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
  }

  @Override
  public double[] numbers(int tag) {
    Element element = elements.get(tag);
    if (element == null || element.length() == 0) {
      return new double[0];
    }
    if (binary(element, tag)) {
      VR vr = vr(element, tag);
      ByteBuffer in = ByteBuffer.wrap(data, element.offset(), element.length()).order(order);
      int size =
          switch (vr) {
            case US, SS -> 2;
            case FD, SV, UV -> 8;
            default -> 4;
          };
      double[] values = new double[element.length() / size];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (vr) {
              case US -> in.getShort() & 0xffff;
              case SS -> in.getShort();
              case UL -> in.getInt() & 0xffffffffL;
              case FL -> in.getFloat();
              case FD -> in.getDouble();
              case SV, UV -> in.getLong();
              default -> in.getInt();
            };
      }
      return values;
    }
    List<String> texts = strings(tag);
    double[] values = new double[texts.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Double.parseDouble(texts.get(i));
      } catch (NumberFormatException notNumber) {
        return new double[0];
      }
    }
    return values;
  }

  @Override
  public List<DicomDataset> items(int tag) {
    Element element = elements.get(tag);
    return element == null ? List.of() : element.items();
  }

  @Override
  public Optional<byte[]> bytes(int tag) {
    Element element = elements.get(tag);
    return element == null
        ? Optional.empty()
        : Optional.of(
            Arrays.copyOfRange(data, element.offset(), element.offset() + element.length()));
  }

  @Override
  public OptionalInt privateTag(int group, String creator, int element) {
    for (Map.Entry<Integer, Element> entry :
        elements.subMap(group << 16 | 0x10, true, group << 16 | 0xff, true).entrySet()) {
      if (string(entry.getKey()).filter(creator::equals).isPresent()) {
        return OptionalInt.of(group << 16 | (entry.getKey() & 0xff) << 8 | element);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public int[] tags() {
    return elements.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private static VR vr(Element element, int tag) {
    return element.vr() == null ? VR.LO : element.vr();
  }

  private static boolean binary(Element element, int tag) {
    return switch (vr(element, tag)) {
      case US, SS, UL, SL, FL, FD, SV, UV, AT -> true;
      default -> false;
    };
  }
}
