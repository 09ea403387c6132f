package io.radnet.imaging.dicom;

/** The numbers of DS and IS: what is no such number is told without an exception. */
final class Decimal {
  private Decimal() {}

  /** Whether the text is a decimal number with an optional sign, fraction and exponent. */
  static boolean valid(String text) {
    int at = sign(text, 0);
    int digits = digits(text, at);
    int count = digits - at;
    at = digits;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      count += fraction - at - 1;
      at = fraction;
    }
    if (count == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = sign(text, at + 1);
      at = digits(text, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == text.length();
  }

  private static int sign(String text, int at) {
    return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
