package io.radnet.exporter.inspect;

import java.util.Locale;

/** An SVG document under construction, in pixels. */
final class Svg {
  static final String DARK = "#101820";
  static final String GREY = "#505050";

  private final StringBuilder body = new StringBuilder();

  /** Text from {@code x} to the right. */
  void text(int x, int y, int size, String colour, String content) {
    text(x, y, size, colour, "start", content);
  }

  /** Text that ends at {@code x}, as numbers in a column do. */
  void textBefore(int x, int y, int size, String colour, String content) {
    text(x, y, size, colour, "end", content);
  }

  private void text(int x, int y, int size, String colour, String anchor, String content) {
    add(
        "<text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\">%s</text>",
        x, y, size, colour, anchor, escaped(content));
  }

  void box(int x, int y, int width, int height, String fill, String stroke) {
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\" stroke=\"%s\"/>",
        x, y, width, height, fill, stroke);
  }

  void bar(int x, int y, int width, int height, String fill) {
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
        x, y, width, height, fill);
  }

  /** A line with an arrow's head at its end. */
  void arrow(String colour, String path) {
    add(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" marker-end=\"url(#head)\"/>",
        path, colour);
  }

  /** A thin line without a head. */
  void line(String colour, String path) {
    add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.1\"/>", path, colour);
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  String document(int width, int height) {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"DejaVu Sans, Arial, sans-serif\">%n",
            width,
            height,
            width,
            height)
        + "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\""
        + " markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\""
        + " fill=\"#46525e\"/></marker></defs>\n"
        + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        + body
        + "</svg>\n";
  }
}
