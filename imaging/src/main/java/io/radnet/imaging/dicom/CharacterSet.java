package io.radnet.imaging.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SpecificCharacterSet (PS3.3 C.12.1.1.2): one encoding for all text, or ISO 2022 escapes that
 * switch between several within one value.
 */
final class CharacterSet {
  /** ISO-IR 6; bytes beyond it, which are not allowed, read as Latin-1. */
  static final CharacterSet DEFAULT =
      new CharacterSet(StandardCharsets.ISO_8859_1, StandardCharsets.ISO_8859_1, false);

  private static final int ESCAPE = 0x1b;

  private static final Map<String, String> BY_NUMBER =
      Map.ofEntries(
          Map.entry("6", "ISO-8859-1"),
          Map.entry("13", "JIS_X0201"),
          Map.entry("100", "ISO-8859-1"),
          Map.entry("101", "ISO-8859-2"),
          Map.entry("109", "ISO-8859-3"),
          Map.entry("110", "ISO-8859-4"),
          Map.entry("126", "ISO-8859-7"),
          Map.entry("127", "ISO-8859-6"),
          Map.entry("138", "ISO-8859-8"),
          Map.entry("144", "ISO-8859-5"),
          Map.entry("148", "ISO-8859-9"),
          Map.entry("166", "TIS-620"),
          Map.entry("192", "UTF-8"),
          Map.entry("203", "ISO-8859-15"));

  /** Final bytes of the escapes that put a 96-character set into G1: {@code ESC - F}. */
  private static final Map<Character, String> HIGH_HALF =
      Map.ofEntries(
          Map.entry('A', "ISO-8859-1"),
          Map.entry('B', "ISO-8859-2"),
          Map.entry('C', "ISO-8859-3"),
          Map.entry('D', "ISO-8859-4"),
          Map.entry('F', "ISO-8859-7"),
          Map.entry('G', "ISO-8859-6"),
          Map.entry('H', "ISO-8859-8"),
          Map.entry('L', "ISO-8859-5"),
          Map.entry('M', "ISO-8859-9"),
          Map.entry('T', "TIS-620"),
          Map.entry('b', "ISO-8859-15"));

  private final Charset whole;
  private final Charset high;
  private final boolean multiByte;

  private CharacterSet(Charset whole, Charset high, boolean multiByte) {
    this.whole = whole;
    this.high = high;
    this.multiByte = multiByte;
  }

  /**
   * The character set of an attribute value; names that DICOM does not know count as the default.
   *
   * @param value values separated by backslashes, as in the file
   */
  static CharacterSet of(String value) {
    int end = value.indexOf('\\');
    String first =
        (end < 0 ? value : value.substring(0, end))
            .replace("\0", "")
            .strip()
            .toUpperCase(Locale.ROOT);
    if (first.equals("GB18030") || first.equals("GBK")) {
      Charset chinese = charset(first);
      return new CharacterSet(chinese, chinese, true);
    }
    // "ISO_IR 100", "ISO 2022 IR 100", and what writers make of them: "ISO-IR 100", "ISO_IR_100".
    int digits = first.length();
    while (digits > 0 && Character.isDigit(first.charAt(digits - 1))) {
      digits--;
    }
    String number = first.substring(digits);
    switch (number) {
      case "192":
        return new CharacterSet(StandardCharsets.UTF_8, StandardCharsets.UTF_8, true);
      case "149":
        return new CharacterSet(charset("EUC-KR"), charset("EUC-KR"), false);
      case "58":
        return new CharacterSet(charset("GB2312"), charset("GB2312"), false);
      default:
        String known = BY_NUMBER.get(number);
        if (known == null) {
          return DEFAULT;
        }
        Charset single = charset(known);
        return new CharacterSet(single, single, false);
    }
  }

  private static Charset charset(String name) {
    // A JVM without the module jdk.charsets knows the European sets only.
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
  }

  /** Decodes a value, all of it; backslashes that separate values stay. */
  String decode(byte[] data, int offset, int length) {
    int limit = offset + length;
    boolean ascii = true;
    for (int i = offset; i < limit; i++) {
      ascii &= data[i] > ESCAPE || data[i] < ESCAPE && data[i] >= 0;
    }
    if (ascii) {
      return new String(data, offset, length, StandardCharsets.ISO_8859_1);
    }
    if (multiByte || !escaped(data, offset, limit)) {
      return single(data, offset, length);
    }
    return new Iso2022(high).decode(data, offset, limit);
  }

  private String single(byte[] data, int offset, int length) {
    if (!whole.name().equals("JIS_X0201")) {
      return new String(data, offset, length, whole);
    }
    // 0x5C is a yen sign there, but it separates values all the same.
    return new Iso2022(high).decode(data, offset, offset + length);
  }

  private static boolean escaped(byte[] data, int offset, int limit) {
    for (int i = offset; i < limit; i++) {
      if (data[i] == ESCAPE) {
        return true;
      }
    }
    return false;
  }

  /** Decoder of one value with escapes; the sets in G0 and G1 are its state. */
  private static final class Iso2022 {
    private final Charset initial;
    private final StringBuilder text = new StringBuilder();

    /** Double-byte set in G0: EUC-JP for JIS X 0208, its third plane for JIS X 0212. */
    private @Nullable Charset doubleLow;

    private boolean supplementary;
    private Charset high;
    private boolean doubleHigh;

    Iso2022(Charset initial) {
      this.initial = initial;
      this.high = initial;
      reset();
    }

    private void reset() {
      doubleLow = null;
      supplementary = false;
      high = initial;
      doubleHigh = initial.name().equals("EUC-KR") || initial.name().equals("GB2312");
    }

    String decode(byte[] data, int offset, int limit) {
      int at = offset;
      while (at < limit) {
        int b = data[at] & 0xff;
        if (b == ESCAPE) {
          at = escape(data, at + 1, limit);
        } else if (b < 0x20) {
          if (b == '\r' || b == '\n' || b == '\f' || b == '\t') {
            reset();
          }
          text.append((char) b);
          at++;
        } else if (b < 0x80) {
          Charset wide = doubleLow;
          if (wide != null && at + 1 < limit) {
            byte[] pair =
                supplementary
                    ? new byte[] {(byte) 0x8f, (byte) (b | 0x80), (byte) (data[at + 1] | 0x80)}
                    : new byte[] {(byte) (b | 0x80), (byte) (data[at + 1] | 0x80)};
            text.append(new String(pair, wide));
            at += 2;
          } else {
            if (b == '\\') {
              reset();
            }
            text.append((char) b);
            at++;
          }
        } else {
          int size = doubleHigh && at + 1 < limit ? 2 : 1;
          text.append(new String(data, at, size, high));
          at += size;
        }
      }
      return text.toString();
    }

    /** Applies the escape whose bytes begin at an offset; an unknown one is dropped. */
    private int escape(byte[] data, int at, int limit) {
      int left = limit - at;
      char first = left > 0 ? (char) data[at] : 0;
      char second = left > 1 ? (char) data[at + 1] : 0;
      char third = left > 2 ? (char) data[at + 2] : 0;
      if (first == '$' && second == 'B') {
        doubleLow = charset("EUC-JP");
        supplementary = false;
        return at + 2;
      }
      if (first == '$' && second == '(' && third == 'D') {
        doubleLow = charset("EUC-JP");
        supplementary = true;
        return at + 3;
      }
      if (first == '$' && second == ')' && (third == 'C' || third == 'A')) {
        high = charset(third == 'C' ? "EUC-KR" : "GB2312");
        doubleHigh = true;
        return at + 3;
      }
      if (first == '(' && left > 1) {
        doubleLow = null;
        return at + 2;
      }
      if (first == ')' && second == 'I') {
        high = charset("JIS_X0201");
        doubleHigh = false;
        return at + 2;
      }
      if (first == '-' && left > 1) {
        high = charset(HIGH_HALF.getOrDefault(second, "ISO-8859-1"));
        doubleHigh = false;
        return at + 2;
      }
      return at;
    }
  }
}
