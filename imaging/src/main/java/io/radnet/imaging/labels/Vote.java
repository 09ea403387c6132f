package io.radnet.imaging.labels;

/**
 * One reason for one value.
 *
 * @param value what it speaks for
 * @param weight how far it is believed, in [0, 1]
 * @param source the attribute, by keyword
 * @param detail the phrase or the rule that matched; never free text from a header
 */
record Vote(String value, double weight, String source, String detail) {
  @Override
  public String toString() {
    return detail.isEmpty() ? source : source + ": " + detail;
  }
}
