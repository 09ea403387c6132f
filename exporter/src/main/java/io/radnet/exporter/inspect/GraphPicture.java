package io.radnet.exporter.inspect;

import io.radnet.exporter.inspect.GraphLayout.Box;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model as an SVG picture: one box per block of the network, its layers as lines inside, one
 * column per stage, and an arrow for each value that goes from one box to another. A network of
 * hundreds of layers stays readable since the eye follows boxes. A line inside a box stands for a
 * value that skips layers, a bar for the block's share of the arithmetic.
 */
public final class GraphPicture {
  private static final int LANE = 10;
  private static final String FLOW = "#7a8794";
  private static final String SKIP = "#805ad5";
  private static final String SHARE = "#d69e2e";
  private static final Map<String, String> KINDS = kinds();

  private final Inspection model;
  private final GraphLayout layout;
  private final Svg svg = new Svg();
  private int detours;

  private GraphPicture(Inspection model) {
    this.model = model;
    this.layout = new GraphLayout(model.layers());
  }

  private static Map<String, String> kinds() {
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("convolution, linear", "#2b6cb0");
    kinds.put("activation", "#c05621");
    kinds.put("pooling", "#2f855a");
    kinds.put("upsampling, joining", "#6b46c1");
    kinds.put("cast, quantisation", "#b7791f");
    kinds.put("other", "#a0aec0");
    return kinds;
  }

  /** The picture as a complete SVG document. */
  public static String svg(Inspection model) {
    return new GraphPicture(model).draw();
  }

  private String draw() {
    title();
    Set<String> drawn = new LinkedHashSet<>();
    for (Layer layer : model.layers()) {
      for (String input : layer.inputs()) {
        Box from = layout.maker(input);
        Box to = layout.box(layer);
        if (from != null && from != to && drawn.add(from.title() + "\n" + to.title())) {
          connect(from, to);
        }
      }
    }
    long most = layout.boxes().stream().mapToLong(Box::flops).max().orElse(1);
    layout.boxes().forEach(box -> box(box, Math.max(most, 1)));
    return svg.document(layout.width(), layout.height() + LANE * (detours + 1));
  }

  private void title() {
    int x = GraphLayout.MARGIN;
    String inputs =
        model.inputs().entrySet().stream()
            .map(input -> input.getKey() + " [" + input.getValue().replace("x", " x ") + "]")
            .collect(Collectors.joining(", "));
    svg.text(x, 34, 18, Svg.DARK, inputs + " to " + String.join(", ", model.outputs().keySet()));
    svg.text(
        x,
        56,
        12,
        Svg.GREY,
        String.format(
            Locale.ROOT,
            "%s: %,d layers, %,d parameters, %.2f GFLOP, activations at most %.0f MiB, opset %d;"
                + " sizes for a batch of 1",
            model.file(),
            model.layers().size(),
            model.parameters(),
            model.flops() / 1e9,
            model.peakActivationBytes() / 1048576.0,
            model.opset()));
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      svg.bar(x, 72, 10, 12, kind.getValue());
      svg.text(x + 15, 82, 11, Svg.GREY, kind.getKey());
      x += 30 + 7 * kind.getKey().length();
    }
    svg.bar(x, 76, 24, 4, SHARE);
    svg.text(x + 29, 82, 11, Svg.GREY, "share of the arithmetic");
  }

  /** A connection to the same column or the next one, or a detour below all columns. */
  private void connect(Box from, Box to) {
    if (to.x() - from.x() > GraphLayout.COLUMN) {
      detour(from, to);
    } else {
      curve(from, to);
    }
  }

  private void detour(Box from, Box to) {
    int lane = detours++;
    int right = from.x() + GraphLayout.WIDTH;
    svg.arrow(
        SKIP,
        path(
            "M%d %d H%d V%d H%d V%d H%d",
            right,
            from.bottom() - 10,
            right + LANE + LANE / 2 * lane,
            layout.height() + LANE * lane,
            to.x() - 2 * LANE - LANE / 2 * lane,
            to.bottom() - 10,
            to.x()));
  }

  private void curve(Box from, Box to) {
    if (from.x() == to.x()) {
      int x = from.x() + GraphLayout.WIDTH / 2;
      svg.arrow(FLOW, path("M%d %d V%d", x, from.bottom(), to.y()));
      return;
    }
    int startX = from.x() + GraphLayout.WIDTH;
    int startY = from.y() + from.height() / 2;
    int endY = to.y() + Math.min(to.height() / 2, 30);
    int bend = Math.max(40, (to.x() - startX) / 2);
    svg.arrow(
        FLOW,
        path(
            "M%d %d C%d %d %d %d %d %d",
            startX, startY, startX + bend, startY, to.x() - bend, endY, to.x(), endY));
  }

  private static String path(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers);
  }

  private void box(Box box, long mostFlops) {
    svg.box(box.x(), box.y(), GraphLayout.WIDTH, box.height(), "#f4f6f8", "#46525e");
    svg.text(box.x() + 10, box.y() + 15, 12, Svg.DARK, box.title());
    svg.textBefore(
        box.x() + GraphLayout.WIDTH - 10,
        box.y() + 15,
        10,
        Svg.GREY,
        String.format(Locale.ROOT, "%.2f GFLOP", box.flops() / 1e9));
    int room = GraphLayout.WIDTH - 20;
    svg.bar(box.x() + 10, box.y() + 20, (int) (room * box.flops() / mostFlops), 3, SHARE);
    for (int index = 0; index < box.layers().size(); index++) {
      layer(box, index);
    }
  }

  private void layer(Box box, int index) {
    Layer layer = box.layers().get(index);
    int middle = box.line(index);
    int baseline = middle + 4;
    int x = box.x() + 22;
    svg.bar(x, middle - 6, 4, GraphLayout.LINE - 3, colour(layer.operator()));
    String kernel = layer.kernel() == null ? "" : " " + layer.kernel();
    svg.text(x + 10, baseline, 10, Svg.DARK, clipped(GraphLayout.shortName(layer.name()), 18));
    svg.text(x + 124, baseline, 10, Svg.GREY, clipped(layer.operator() + kernel, 17));
    svg.text(
        x + 224, baseline, 10, Svg.GREY, Objects.requireNonNullElse(layer.output(), "unknown"));
    if (layer.parameters() > 0) {
      svg.textBefore(
          box.x() + GraphLayout.WIDTH - 10,
          baseline,
          9,
          "#808080",
          String.format(Locale.ROOT, "%,d", layer.parameters()));
    }
    for (String input : layer.inputs()) {
      skip(box, index, input);
    }
  }

  /** A line at the left edge where a layer reads something else than the line above it. */
  private void skip(Box box, int index, String input) {
    List<Layer> layers = box.layers();
    if (index == 0 || layers.get(index - 1).value().equals(input)) {
      return;
    }
    int from = -1;
    for (int earlier = 0; earlier < index; earlier++) {
      from = layers.get(earlier).value().equals(input) ? earlier : from;
    }
    int start = from < 0 ? box.y() : box.line(from);
    int right = box.x() + 20;
    int left = box.x() + (from < 0 ? 6 : 12);
    svg.line(
        SKIP,
        from < 0
            ? path("M%d %d V%d H%d", left, start, box.line(index), right)
            : path("M%d %d H%d V%d H%d", right, start, left, box.line(index), right));
  }

  private static String clipped(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
  }

  private static String colour(String operator) {
    String kind =
        switch (operator) {
          case "Conv", "ConvTranspose", "Gemm", "MatMul" -> "convolution, linear";
          case "Relu", "Sigmoid", "Softmax", "LeakyRelu", "Elu", "Selu", "Tanh" -> "activation";
          case "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool" -> "pooling";
          case "Resize", "Concat" -> "upsampling, joining";
          case "QuantizeLinear", "DequantizeLinear", "Cast" -> "cast, quantisation";
          default -> "other";
        };
    return Objects.requireNonNull(KINDS.get(kind), "every kind has a colour");
  }
}
