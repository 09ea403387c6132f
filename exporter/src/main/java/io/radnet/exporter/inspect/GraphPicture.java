package io.radnet.exporter.inspect;

import java.util.ArrayList;
import java.util.HashMap;
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
 * column per stage, and a curve for each value that goes from one box to another. A network of
 * hundreds of layers stays readable since the eye follows boxes.
 */
public final class GraphPicture {
  private static final int LINE = 15;
  private static final int WIDTH = 300;
  private static final int GAP = 34;
  private static final int COLUMN = WIDTH + 70;
  private static final int MARGIN = 30;
  private static final int LANE = 10;
  private static final int ROOM_FOR_DETOURS = 100;
  private static final int HEADER = 20;
  private static final Set<String> CONTAINERS = Set.of("encoder", "decoder");

  private record Box(String title, int x, int y, List<Layer> layers) {
    int height() {
      return HEADER + LINE * layers.size() + 6;
    }
  }

  private final Inspection model;
  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final Map<String, String> blockOfValue = new HashMap<>();
  private final StringBuilder svg = new StringBuilder();
  private int detours;
  private int width;
  private int height;

  private GraphPicture(Inspection model) {
    this.model = model;
  }

  /** The picture as a complete SVG document. */
  public static String svg(Inspection model) {
    GraphPicture picture = new GraphPicture(model);
    picture.layOut();
    return picture.draw();
  }

  /**
   * The block that a layer belongs to: {@code encoder/stage1.unit1/conv1} to the unit, {@code
   * encoder/pool2} to itself, and what stands outside of encoder and decoder to one box.
   */
  static String block(String layer) {
    String[] parts = layer.split("/");
    if (parts[0].startsWith("heads.")) {
      return "heads";
    }
    return parts.length > 1 && CONTAINERS.contains(parts[0])
        ? parts[0] + "/" + parts[1]
        : "network";
  }

  /** What shares a column: a stage of the encoder with its pooling, a level of the decoder. */
  private static String stage(String block) {
    String named =
        block
            .replace("encoder/stem", "encoder/stage1")
            .replace("encoder/pool", "encoder/stage")
            .replace("decoder/classes", "decoder/last")
            .replace("heads", "network");
    int dot = named.indexOf('.');
    return dot < 0 ? named : named.substring(0, dot);
  }

  private void layOut() {
    Map<String, List<Layer>> members = new LinkedHashMap<>();
    for (Layer layer : model.layers()) {
      String block = block(layer.name());
      members.computeIfAbsent(block, key -> new ArrayList<>()).add(layer);
      blockOfValue.put(layer.value(), block);
    }
    int x = MARGIN;
    int y = 90;
    String column = "";
    for (Map.Entry<String, List<Layer>> entry : members.entrySet()) {
      String stage = stage(entry.getKey());
      if (!column.isEmpty() && !stage.equals(column)) {
        x += COLUMN;
        y = 90;
      }
      column = stage;
      Box box = new Box(entry.getKey(), x, y, entry.getValue());
      boxes.put(entry.getKey(), box);
      y += box.height() + GAP;
      height = Math.max(height, y);
    }
    width = x + WIDTH + MARGIN;
  }

  private String draw() {
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"DejaVu Sans, Arial, sans-serif\""
                + " font-size=\"10\">%n",
            width,
            height + ROOM_FOR_DETOURS,
            width,
            height + ROOM_FOR_DETOURS));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    text(
        MARGIN,
        34,
        18,
        "#202020",
        model.inputs().entrySet().stream()
                .map(input -> input.getKey() + " " + input.getValue())
                .collect(Collectors.joining(", "))
            + " to "
            + String.join(", ", model.outputs().keySet()));
    text(
        MARGIN,
        56,
        12,
        "#505050",
        String.format(
            Locale.ROOT,
            "%s: %d layers, %,d parameters, %.2f GFLOP, opset %d",
            model.file(),
            model.layers().size(),
            model.parameters(),
            model.flops() / 1e9,
            model.opset()));
    Set<String> drawn = new LinkedHashSet<>();
    for (Layer layer : model.layers()) {
      for (String input : layer.inputs()) {
        String from = blockOfValue.get(input);
        String to = block(layer.name());
        if (from != null && !from.equals(to) && drawn.add(from + "\n" + to)) {
          connect(box(from), box(to));
        }
      }
    }
    boxes.values().forEach(this::box);
    return svg.append("</svg>\n").toString();
  }

  private Box box(String name) {
    return Objects.requireNonNull(boxes.get(name), "every block has a box");
  }

  /** A connection to the same column or the next one, or a detour below all columns. */
  private void connect(Box from, Box to) {
    if (to.x() - from.x() > COLUMN) {
      detour(from, to);
    } else {
      curve(from, to);
    }
  }

  private void detour(Box from, Box to) {
    int lane = detours++;
    int below = height + LANE * lane;
    int down = from.x() + WIDTH + LANE + LANE / 2 * lane;
    int up = to.x() - LANE - LANE / 2 * lane;
    int startY = from.y() + from.height() - 10;
    int endY = to.y() + to.height() - 10;
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%d %d H%d V%d H%d V%d H%d\" fill=\"none\" stroke=\"#805ad5\""
                + " stroke-width=\"1.4\" opacity=\"0.8\"/><circle cx=\"%d\" cy=\"%d\" r=\"3\""
                + " fill=\"#553c9a\"/>%n",
            from.x() + WIDTH,
            startY,
            down,
            below,
            up,
            endY,
            to.x(),
            to.x(),
            endY));
  }

  private void curve(Box from, Box to) {
    boolean sameColumn = from.x() == to.x();
    int startX = sameColumn ? from.x() + WIDTH / 2 : from.x() + WIDTH;
    int startY = sameColumn ? from.y() + from.height() : from.y() + from.height() / 2;
    int endX = sameColumn ? to.x() + WIDTH / 2 : to.x();
    int endY = sameColumn ? to.y() : to.y() + to.height() / 2;
    int bend = sameColumn ? 0 : Math.max(40, (endX - startX) / 2);
    int drop = sameColumn ? GAP / 2 : 0;
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"#7a8794\""
                + " stroke-width=\"1.6\" opacity=\"0.8\"/><circle cx=\"%d\" cy=\"%d\" r=\"3\""
                + " fill=\"#46525e\"/>%n",
            startX,
            startY,
            startX + bend,
            startY + drop,
            endX - bend,
            endY - drop,
            endX,
            endY,
            endX,
            endY));
  }

  private void box(Box box) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#f4f6f8\""
                + " stroke=\"#46525e\"/>%n",
            box.x(),
            box.y(),
            WIDTH,
            box.height()));
    text(box.x() + 8, box.y() + 14, 11, "#101820", box.title());
    double gigaFlops = box.layers().stream().mapToLong(Layer::flops).sum() / 1e9;
    text(
        box.x() + 226,
        box.y() + 14,
        10,
        "#505050",
        String.format(Locale.ROOT, "%.2f GFLOP", gigaFlops));
    int y = box.y() + HEADER;
    for (Layer layer : box.layers()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"4\" height=\"%d\" fill=\"%s\"/>%n",
              box.x() + 6,
              y + 1,
              LINE - 3,
              colour(layer.operator())));
      String kernel = layer.kernel() == null ? "" : " " + layer.kernel();
      text(box.x() + 16, y + 11, 10, "#202020", layer.operator() + kernel);
      text(
          box.x() + 140,
          y + 11,
          10,
          "#505050",
          Objects.requireNonNullElse(layer.output(), "unknown"));
      if (layer.parameters() > 0) {
        text(
            box.x() + 246,
            y + 11,
            9,
            "#808080",
            String.format(Locale.ROOT, "%,d", layer.parameters()));
      }
      y += LINE;
    }
  }

  private static String colour(String operator) {
    return switch (operator) {
      case "Conv", "Gemm" -> "#2b6cb0";
      case "Relu", "Sigmoid", "Softmax" -> "#c05621";
      case "MaxPool", "GlobalAveragePool", "AveragePool" -> "#2f855a";
      case "Resize", "Concat" -> "#6b46c1";
      case "QuantizeLinear", "DequantizeLinear", "Cast" -> "#b7791f";
      default -> "#718096";
    };
  }

  private void text(int x, int y, int size, String colour, String content) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"%s\">%s</text>%n",
            x,
            y,
            size,
            colour,
            content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
  }
}
