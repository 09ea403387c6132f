package io.radnet.imaging.labels;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What kind of MR pulse sequence the header describes: classic ScanningSequence codes, the enhanced
 * attributes, and the vendor's sequence name.
 *
 * @param vendorLabel the label that the vendor's name stands for, where it does
 * @param vendorSource the attribute with that name
 */
record PulseKind(
    boolean spinEcho,
    boolean gradient,
    boolean inversion,
    boolean echoPlanar,
    boolean research,
    Optional<String> vendorLabel,
    String vendorSource,
    Vendor vendor) {

  /** Whose names are in the header. */
  enum Vendor {
    SIEMENS,
    GE,
    OTHER
  }

  static PulseKind of(SeriesHeader header, Rules rules) {
    boolean spinEcho = header.is(Attribute.SCANNING_SEQUENCE, "SE");
    boolean gradient = header.is(Attribute.SCANNING_SEQUENCE, "GR");
    boolean inversion = header.is(Attribute.SCANNING_SEQUENCE, "IR");
    boolean echoPlanar =
        header.is(Attribute.SCANNING_SEQUENCE, "EP")
            || header.is(Attribute.ECHO_PLANAR, "YES")
            || header.texts(Attribute.SCAN_OPTIONS).stream()
                .anyMatch(option -> rules.words(option).contains("EPI"));
    boolean research = header.is(Attribute.SCANNING_SEQUENCE, "RM");
    spinEcho |= header.is(Attribute.ECHO_PULSE_SEQUENCE, "SPIN");
    gradient |= header.is(Attribute.ECHO_PULSE_SEQUENCE, "GRADIENT");
    inversion |= header.is(Attribute.INVERSION_RECOVERY, "YES");
    for (Attribute text : List.of(Attribute.SERIES_DESCRIPTION, Attribute.PROTOCOL_NAME)) {
      for (String value : header.texts(text)) {
        echoPlanar |=
            rules.matches("sequence_text", value).stream()
                .anyMatch(match -> match.label().equals("epi"));
      }
    }
    echoPlanar |=
        gradient
            && !header.is(Attribute.SEQUENCE_VARIANT, "MP")
            && header.positive(Attribute.ECHO_TRAIN_LENGTH).orElse(0)
                >= rules.threshold("epi_min_echo_train");
    Vendor vendor = vendor(header, rules);
    Optional<String> label = Optional.empty();
    String source = "";
    for (Attribute name :
        List.of(
            Attribute.SEQUENCE_NAME, Attribute.PULSE_SEQUENCE_NAME, Attribute.GE_SEQUENCE_NAME)) {
      for (String value : header.texts(name)) {
        Optional<String> found = named(rules, vendor, value);
        if (found.isEmpty()) {
          continue;
        }
        switch (found.get()) {
          case "spin-echo" -> spinEcho = true;
          case "inversion" -> {
            spinEcho = true;
            inversion = true;
          }
          case "gradient" -> gradient = true;
          case "diffusion" -> echoPlanar = true;
          case "epi-gradient" -> {
            gradient = true;
            echoPlanar = true;
          }
          default -> {
            if (label.isEmpty()) {
              label = found;
              source = name.keyword();
            }
          }
        }
      }
    }
    return new PulseKind(
        spinEcho, gradient, inversion, echoPlanar, research, label, source, vendor);
  }

  private static Vendor vendor(SeriesHeader header, Rules rules) {
    List<String> words = rules.words(header.text(Attribute.MANUFACTURER).orElse(""));
    if (words.contains("SIEMENS")) {
      return Vendor.SIEMENS;
    }
    return words.contains("GE") || words.contains("GEMS") ? Vendor.GE : Vendor.OTHER;
  }

  private static Optional<String> named(Rules rules, Vendor vendor, String name) {
    String table = "sequence_name_" + vendor.name().toLowerCase(Locale.ROOT);
    Optional<String> stem = rules.table(table).whole(rules.words(stem(name)));
    if (stem.isPresent()) {
      return stem;
    }
    return vendor == Vendor.SIEMENS
        ? Optional.empty()
        : rules.matches(table, name).stream().findFirst().map(PhraseTable.Match::label);
  }

  /** The letters and underscores before the first digit: {@code *ep_b1000t} is {@code ep_b}. */
  private static String stem(String name) {
    String bare = name.startsWith("*") ? name.substring(1) : name;
    int end = 0;
    while (end < bare.length()
        && (Character.isLetter(bare.charAt(end)) || bare.charAt(end) == '_')) {
      end++;
    }
    return bare.substring(0, end);
  }
}
