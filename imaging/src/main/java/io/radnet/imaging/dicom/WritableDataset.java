package io.radnet.imaging.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A dataset in memory that can be filled and written; text is UTF-8 (SpecificCharacterSet ISO_IR
 * 192).
 */
public final class WritableDataset implements DicomDataset {
  /** One element: text and numbers as values, sequences as items, bulk as bytes. */
  record Element(VR vr, List<Object> values, List<WritableDataset> items, byte[] bytes) {}

  private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);

  /**
   * Sets an element.
   *
   * @param values strings, numbers, or one {@code byte[]} for OB, OW and UN; none for an empty
   *     element
   */
  public WritableDataset put(int tag, VR vr, Object... values) {
    if (vr == VR.SQ) {
      throw new IllegalArgumentException(Tag.toString(tag) + ": use putSequence");
    }
    if (values.length == 1 && values[0] instanceof byte[] bytes) {
      elements.put(tag, new Element(vr, List.of(), List.of(), bytes));
    } else {
      elements.put(tag, new Element(vr, List.of(values), List.of(), new byte[0]));
    }
    return this;
  }

  /** Sets a sequence. */
  public WritableDataset putSequence(int tag, List<WritableDataset> items) {
    elements.put(tag, new Element(VR.SQ, List.of(), List.copyOf(items), new byte[0]));
    return this;
  }

  /** Removes an element where present. */
  public WritableDataset remove(int tag) {
    elements.remove(tag);
    return this;
  }

  TreeMap<Integer, Element> elements() {
    return elements;
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
    if (element == null) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (Object value : element.values()) {
      values.addAll(Arrays.stream(text(value).split("\\\\", -1)).map(String::strip).toList());
    }
    return values;
  }

  /** A value as DICOM text: whole numbers without a fraction, others in at most 16 characters. */
  static String text(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (number == Math.rint(number) && Math.abs(number) < 1e15) {
        return Long.toString((long) number);
      }
      String plain = Double.toString(number);
      for (int digits = 15; plain.length() > 16 && digits > 0; digits--) {
        plain =
            new java.math.BigDecimal(number).round(new java.math.MathContext(digits)).toString();
      }
      return plain;
    }
    return value.toString();
  }

  @Override
  public OptionalDouble number(int tag) {
    double[] values = numbers(tag);
    return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
  }

  @Override
  public OptionalDouble number(int tag, VR assumed) {
    return number(tag); // every element has its VR
  }

  @Override
  public double[] numbers(int tag) {
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
    return element == null ? List.of() : List.copyOf(element.items());
  }

  @Override
  public Optional<byte[]> bytes(int tag) {
    Element element = elements.get(tag);
    return element == null
        ? Optional.empty()
        : Optional.of(encode(element, ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public OptionalInt privateTag(int group, String creator, int element) {
    for (int block = 0x10; block <= 0xff; block++) {
      if (string(group << 16 | block).filter(creator::equals).isPresent()) {
        return OptionalInt.of(group << 16 | block << 8 | element);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public int[] tags() {
    return elements.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /** The value field, padded to an even length. */
  static byte[] encode(Element element, ByteOrder order) {
    byte[] raw;
    if (element.bytes().length > 0) {
      raw = element.bytes();
    } else {
      int size =
          switch (element.vr()) {
            case US, SS -> 2;
            case UL, SL, FL, AT -> 4;
            case FD, SV, UV -> 8;
            default -> 0;
          };
      if (size == 0) {
        StringBuilder text = new StringBuilder();
        for (Object value : element.values()) {
          text.append(text.length() == 0 && value == element.values().get(0) ? "" : "\\")
              .append(text(value));
        }
        raw = text.toString().getBytes(StandardCharsets.UTF_8);
      } else {
        ByteBuffer out = ByteBuffer.allocate(size * element.values().size()).order(order);
        for (Object value : element.values()) {
          Number number = (Number) value;
          switch (element.vr()) {
            case US, SS -> out.putShort((short) number.intValue());
            case FL -> out.putFloat(number.floatValue());
            case FD -> out.putDouble(number.doubleValue());
            case SV, UV -> out.putLong(number.longValue());
            case AT -> {
              out.putShort((short) (number.intValue() >>> 16));
              out.putShort(number.shortValue());
            }
            default -> out.putInt((int) number.longValue());
          }
        }
        raw = out.array();
      }
    }
    if (raw.length % 2 == 0) {
      return raw;
    }
    byte[] padded = Arrays.copyOf(raw, raw.length + 1);
    padded[raw.length] = (byte) (element.vr() == VR.UI || element.bytes().length > 0 ? 0 : ' ');
    return padded;
  }
}
