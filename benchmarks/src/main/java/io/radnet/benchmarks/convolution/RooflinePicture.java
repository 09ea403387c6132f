package io.radnet.benchmarks.convolution;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A roofline as SVG, both axes logarithmic. */
public final class RooflinePicture {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 520;
  private static final int LEFT = 70;
  private static final int RIGHT = 30;
  private static final int TOP = 60;
  private static final int BOTTOM = 60;
  private static final Map<String, String> COLOURS =
      Map.of("onnxRuntime", "#2b6cb0", "onnxRuntimeInt8", "#b7791f", "pyTorch", "#c53030");
  private static final Map<String, String> NAMES =
      Map.of(
          "onnxRuntime", "ONNX Runtime",
          "onnxRuntimeInt8", "ONNX Runtime, 8 bits",
          "pyTorch", "PyTorch");
  private static final double LEAST_INTENSITY = 1;
  private static final double MOST_INTENSITY = 1000;
  private static final double LEAST_GFLOPS = 1;

  private final Roofline roofline;
  private final double mostGflops;
  private final StringBuilder svg = new StringBuilder();

  private RooflinePicture(Roofline roofline) {
    this.roofline = roofline;
    this.mostGflops = roofline.peakGflops() * 1.6;
  }

  /** The picture as a complete SVG document. */
  public static String svg(Roofline roofline) {
    return new RooflinePicture(roofline).draw();
  }

  private String draw() {
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"DejaVu Sans, Arial, sans-serif\""
                + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT));
    text(
        LEFT,
        26,
        "start",
        "#202020",
        String.format(
            Locale.ROOT,
            "3D convolutions of the published network, batch 1, %d threads: peak %.0f GFLOP/s,"
                + " copy %.1f GB/s",
            roofline.threads(),
            roofline.peakGflops(),
            roofline.bandwidth()));
    for (double value : List.of(1.0, 10.0, 100.0, 1000.0)) {
      line(x(value), TOP, x(value), HEIGHT - BOTTOM, "#e2e8f0", 1);
      text(x(value), HEIGHT - BOTTOM + 18, "middle", "#505050", number(value));
      if (value < mostGflops) {
        line(LEFT, y(value), WIDTH - RIGHT, y(value), "#e2e8f0", 1);
        text(LEFT - 8, y(value) + 4, "end", "#505050", number(value));
      }
    }
    text((LEFT + WIDTH) / 2.0, HEIGHT - 16, "middle", "#202020", "operations per byte");
    text(LEFT - 8, TOP - 10, "end", "#202020", "GFLOP/s");
    double ridge = roofline.peakGflops() / roofline.bandwidth();
    double start = Math.max(LEAST_INTENSITY, LEAST_GFLOPS / roofline.bandwidth());
    line(
        x(start),
        y(start * roofline.bandwidth()),
        x(ridge),
        y(roofline.peakGflops()),
        "#1a202c",
        2);
    line(x(ridge), y(roofline.peakGflops()), WIDTH - RIGHT, y(roofline.peakGflops()), "#1a202c", 2);
    roofline.points().forEach(this::point);
    double legend = TOP + 14.0;
    for (String engine : List.of("onnxRuntime", "onnxRuntimeInt8", "pyTorch")) {
      circle(LEFT + 18, legend - 4, colour(engine));
      text(LEFT + 30, legend, "start", "#202020", NAMES.getOrDefault(engine, engine));
      legend += 18;
    }
    return svg.append("</svg>\n").toString();
  }

  private void point(Roofline.Point point) {
    svg.append("<g><title>")
        .append(
            String.format(
                Locale.ROOT,
                "%s %s: %.2f ms, %.1f GFLOP/s",
                point.layer(),
                NAMES.getOrDefault(point.engine(), point.engine()),
                point.milliseconds(),
                point.gflops()))
        .append("</title>");
    circle(x(point.intensity()), y(Math.max(LEAST_GFLOPS, point.gflops())), colour(point.engine()));
    svg.append("</g>\n");
  }

  private static String colour(String engine) {
    return COLOURS.getOrDefault(engine, "#718096");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private double x(double intensity) {
    double share =
        Math.log(intensity / LEAST_INTENSITY) / Math.log(MOST_INTENSITY / LEAST_INTENSITY);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private double y(double gflops) {
    double share = Math.log(gflops / LEAST_GFLOPS) / Math.log(mostGflops / LEAST_GFLOPS);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private void line(double x1, double y1, double x2, double y2, String colour, int width) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-width=\"%d\"/>%n",
            x1,
            y1,
            x2,
            y2,
            colour,
            width));
  }

  private void circle(double x, double y, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\" fill-opacity=\"0.75\"/>",
            x,
            y,
            colour));
  }

  private void text(double x, double y, String anchor, String colour, String content) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            colour,
            content));
  }
}
