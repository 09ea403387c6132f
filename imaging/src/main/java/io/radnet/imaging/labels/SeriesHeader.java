package io.radnet.imaging.labels;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The headers of one series as the families read them: a few of its instances, functional groups of
 * enhanced objects resolved (shared, then per frame, then the top level), with a record of all that
 * was looked at.
 */
final class SeriesHeader {
  private static final int GE_ACQUISITION_GROUP = 0x0019;
  private static final String GE_ACQUISITION = "GEMS_ACQU_01";
  private static final int GE_SEQUENCE_NAME = 0x9C;

  private final List<DicomDataset> samples;
  private final Map<Attribute, List<String>> looked = new TreeMap<>();

  SeriesHeader(List<? extends DicomDataset> samples) {
    this.samples = List.copyOf(samples);
  }

  /** All different values over samples and frames, in order; multiple values each on its own. */
  List<String> texts(Attribute attribute) {
    return looked.computeIfAbsent(attribute, this::read);
  }

  /** The first value. */
  Optional<String> text(Attribute attribute) {
    return texts(attribute).stream().findFirst();
  }

  /** Whether one of the values is {@code value}, case aside. */
  boolean is(Attribute attribute, String value) {
    return texts(attribute).stream().anyMatch(value::equalsIgnoreCase);
  }

  /** Whether the element is there in a sample, even without a value. */
  boolean present(Attribute attribute) {
    texts(attribute);
    return samples.stream().anyMatch(sample -> sample.contains(attribute.tag()));
  }

  /** All different numbers, ascending. */
  Set<Double> numbers(Attribute attribute) {
    Set<Double> numbers = new TreeSet<>();
    for (String text : texts(attribute)) {
      try {
        numbers.add(Double.valueOf(text));
      } catch (NumberFormatException e) {
        continue; // a malformed value is an absent one
      }
    }
    numbers.removeIf(number -> !Double.isFinite(number));
    return numbers;
  }

  /** The smallest number above zero. */
  OptionalDouble positive(Attribute attribute) {
    return numbers(attribute).stream().mapToDouble(n -> n).filter(n -> n > 0).min();
  }

  /** What was looked at so far, with the values found. */
  Map<Attribute, List<String>> looked() {
    return new TreeMap<>(looked);
  }

  private List<String> read(Attribute attribute) {
    Set<String> values = new LinkedHashSet<>();
    for (DicomDataset sample : samples) {
      for (DicomDataset groups : sample.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)) {
        collectGroup(groups, attribute, values);
      }
      for (DicomDataset groups : sample.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)) {
        collectGroup(groups, attribute, values);
      }
      collect(sample, attribute, values);
      for (int group : attribute.groups()) {
        for (DicomDataset item : sample.items(group)) {
          collect(item, attribute, values);
        }
      }
    }
    values.remove("");
    return List.copyOf(values);
  }

  private static void collectGroup(
      DicomDataset groups, Attribute attribute, Collection<String> into) {
    for (int group : attribute.groups()) {
      for (DicomDataset item : groups.items(group)) {
        collect(item, attribute, into);
      }
    }
  }

  private static void collect(DicomDataset from, Attribute attribute, Collection<String> into) {
    if (attribute == Attribute.GE_SEQUENCE_NAME) {
      OptionalInt tag = from.privateTag(GE_ACQUISITION_GROUP, GE_ACQUISITION, GE_SEQUENCE_NAME);
      if (tag.isPresent()) {
        from.string(tag.getAsInt()).ifPresent(into::add);
      }
      return;
    }
    if (attribute == Attribute.RADIOPHARMACEUTICAL) {
      for (DicomDataset item : from.items(attribute.tag())) {
        item.string(0x0018_0031).ifPresent(into::add);
        for (DicomDataset code : item.items(0x0054_0300)) {
          code.string(Tag.CODE_MEANING).ifPresent(into::add);
        }
      }
      return;
    }
    List<DicomDataset> items = from.items(attribute.tag());
    if (!items.isEmpty()) {
      for (DicomDataset item : items) {
        item.string(Tag.CODE_VALUE).ifPresent(into::add);
        item.string(Tag.CODE_MEANING).ifPresent(into::add);
      }
      return;
    }
    into.addAll(new ArrayList<>(from.strings(attribute.tag())));
  }
}
