package io.radnet.exporter.inspect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the blocks of a network stand in a picture: one column per stage, in order. */
final class GraphLayout {
  static final int LINE = 15;
  static final int WIDTH = 410;
  static final int GAP = 34;
  static final int COLUMN = WIDTH + 80;
  static final int MARGIN = 30;
  static final int TOP = 112;
  private static final int HEADER = 26;
  private static final Set<String> CONTAINERS = Set.of("encoder", "decoder");

  /** A block of the network with its layers, one below the other. */
  record Box(String title, int x, int y, List<Layer> layers) {
    int height() {
      return HEADER + LINE * layers.size() + 6;
    }

    int bottom() {
      return y + height();
    }

    /** The middle of line {@code index}. */
    int line(int index) {
      return y + HEADER + LINE * index + LINE / 2;
    }

    long flops() {
      return layers.stream().mapToLong(Layer::flops).sum();
    }
  }

  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final Map<String, String> blockOfValue = new HashMap<>();
  private int width;
  private int height;

  GraphLayout(List<Layer> layers) {
    Map<String, List<Layer>> members = new LinkedHashMap<>();
    for (Layer layer : layers) {
      String block = block(layer.name());
      members.computeIfAbsent(block, key -> new ArrayList<>()).add(layer);
      blockOfValue.put(layer.value(), block);
    }
    int x = MARGIN;
    int y = TOP;
    String column = "";
    for (Map.Entry<String, List<Layer>> entry : members.entrySet()) {
      String stage = stage(entry.getKey());
      if (!column.isEmpty() && !stage.equals(column)) {
        x += COLUMN;
        y = TOP;
      }
      column = stage;
      Box box = new Box(entry.getKey(), x, y, entry.getValue());
      boxes.put(entry.getKey(), box);
      y += box.height() + GAP;
      height = Math.max(height, y);
    }
    width = x + WIDTH + MARGIN;
  }

  /**
   * The block that a layer belongs to: {@code encoder/stage1.unit1/conv1} to the unit, {@code
   * encoder/pool2} to itself, a level's upsampling and concatenation to the level, and what stands
   * outside of encoder and decoder to one box.
   */
  static String block(String layer) {
    String[] parts = layer.split("/");
    if (parts[0].startsWith("heads.")) {
      return "heads";
    }
    if (parts.length < 2 || !CONTAINERS.contains(parts[0])) {
      return parts[0].equals("preprocess") || parts[0].equals("postprocess") ? parts[0] : "network";
    }
    String block = parts[1];
    if (parts[0].equals("decoder")) {
      block =
          block.startsWith("last.") || block.equals("classes")
              ? "last"
              : block.replaceFirst("\\.(upsample|concat)$", ".join");
    }
    return parts[0] + "/" + block;
  }

  /** What a layer is called within its block. */
  static String shortName(String layer) {
    String block = block(layer);
    if (block.equals("heads")) {
      return layer.substring("heads.".length());
    }
    if (layer.startsWith(block + "/")) {
      return layer.substring(block.length() + 1);
    }
    int container = CONTAINERS.stream().anyMatch(name -> layer.startsWith(name + "/")) ? 8 : 0;
    return layer.substring(container);
  }

  /** What shares a column: a stage of the encoder with its pooling, a level of the decoder. */
  private static String stage(String block) {
    String named =
        block
            .replace("preprocess", "encoder/stage1")
            .replace("encoder/stem", "encoder/stage1")
            .replace("encoder/pool", "encoder/stage")
            .replace("postprocess", "network")
            .replace("heads", "network");
    int dot = named.indexOf('.');
    return dot < 0 ? named : named.substring(0, dot);
  }

  Collection<Box> boxes() {
    return boxes.values();
  }

  Box box(Layer layer) {
    return Objects.requireNonNull(boxes.get(block(layer.name())), "every block has a box");
  }

  /** The box whose layer makes a value; null for an input of the model. */
  @Nullable Box maker(String value) {
    return boxes.get(blockOfValue.getOrDefault(value, ""));
  }

  int width() {
    return width;
  }

  /** Below the last box. */
  int height() {
    return height;
  }
}
