package io.radnet.trainer.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line chart as inline SVG. */
final class Curves {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 240;
  private static final int LEFT = 44;
  private static final int RIGHT = 112;
  private static final int TOP = 12;
  private static final int BOTTOM = 34;
  private static final List<String> COLOURS =
      List.of("#2f6fbf", "#d08a1d", "#3d8f5f", "#a3489a", "#5b6776", "#b5483b", "#1b1b1b");
  private static final int LINE_HEIGHT = 14;

  private Curves() {}

  /**
   * @param name of the chart, for readers of the page without eyes
   * @param lines values per epoch from 1 by name, in the order of the legend; NaN leaves a gap
   * @param top the upper end of the axis; NaN for the largest value
   */
  static String svg(String name, Map<String, double[]> lines, double top) {
    double highest =
        Double.isNaN(top)
            ? lines.values().stream()
                .flatMapToDouble(java.util.Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(1)
            : top;
    int epochs = lines.values().stream().mapToInt(values -> values.length).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH,
            HEIGHT,
            name));
    for (int tick = 0; tick <= 4; tick++) {
      double value = highest * tick / 4;
      double y = y(value, highest);
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%d %.1fH%d\" stroke=\"#e3e8ee\"/><text x=\"%d\" y=\"%.1f\""
                  + " text-anchor=\"end\">%s</text>",
              LEFT,
              y,
              WIDTH - RIGHT,
              LEFT - 6,
              y + 4,
              highest <= 1
                  ? String.format(Locale.ROOT, "%.2f", value)
                  : String.format(Locale.ROOT, "%.1f", value)));
    }
    for (int epoch : epochs == 1 ? new int[] {1} : new int[] {1, (epochs + 1) / 2, epochs}) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
              x(epoch, epochs),
              HEIGHT - BOTTOM + 18,
              epoch));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 4));
    int number = 0;
    for (Map.Entry<String, double[]> line : lines.entrySet()) {
      String colour = COLOURS.get(number % COLOURS.size());
      line(svg, line.getValue(), highest, epochs, colour);
      int y = TOP + 8 + number * (LINE_HEIGHT + 4);
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%d %dh14\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\""
                  + " y=\"%d\">%s</text>",
              WIDTH - RIGHT + 10,
              y - 4,
              colour,
              WIDTH - RIGHT + 28,
              y,
              line.getKey()));
      number++;
    }
    return svg.append("</svg>").toString();
  }

  private static void line(
      StringBuilder svg, double[] values, double highest, int epochs, String colour) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int n = 0; n < values.length; n++) {
      if (!Double.isFinite(values[n])) {
        drawing = false;
        continue;
      }
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              drawing ? "L" : "M",
              x(n + 1, epochs),
              y(Math.min(highest, values[n]), highest)));
      drawing = true;
    }
    svg.append("<path d=\"")
        .append(path)
        .append("\" fill=\"none\" stroke-width=\"2\" stroke-linecap=\"round\" stroke=\"")
        .append(colour)
        .append("\"/>");
  }

  private static double x(int epoch, int epochs) {
    double span = WIDTH - LEFT - RIGHT;
    return epochs == 1 ? LEFT + span / 2 : LEFT + span * (epoch - 1) / (epochs - 1);
  }

  private static double y(double value, double highest) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (highest == 0 ? 0 : value / highest);
  }
}
