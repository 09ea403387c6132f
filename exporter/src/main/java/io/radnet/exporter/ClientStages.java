package io.radnet.exporter;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.parity.Choices;
import io.radnet.exporter.repository.TritonConfiguration;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.imaging.transform.Recipe.Head.Activation;
import io.radnet.imaging.transform.Recipe.Intensity;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a client does before and after the network, as part of the graph: a client may then send
 * stored values and get probabilities or a mask. All of it is in single precision.
 */
final class ClientStages {
  /** Input [batch, 2] of a graph whose recipe names percentiles: the values that become 0 and 1. */
  static final String RANGE = "range";

  /** Output [batch, D, H, W] of a segmentation graph: the class of each voxel. */
  static final String MASK = "mask";

  private static final String PROBABILITIES = "_probabilities";
  private static final String SCALED = "preprocess/scaled";
  // A scan of one value has no range; its voxels are 0 then, as elsewhere.
  private static final float SMALLEST_RANGE = 1e-6f;

  private ClientStages() {}

  /**
   * The graph with an input of 16-bit integers in the scan's units, such as HU, on the recipe's
   * grid. A window is part of the graph; percentiles are of the whole scan, which the graph does
   * not see, so their values are a second input.
   */
  static Graph withRawInput(Graph source, Intensity intensity) {
    Graph graph = source.copy();
    graph.nodes().replaceAll(n -> Graph.withInputs(n, Map.of(NetworkGraph.INPUT, SCALED)));
    List<Dimension> dims = dims(graph.inputs(), 0);
    graph.inputs().set(0, GraphBuilder.typed(NetworkGraph.INPUT, DataType.INT16, dims));
    List<NodeProto> nodes = new ArrayList<>();
    nodes.add(
        Graph.node(
            "Cast",
            TritonConfiguration.CAST_INPUT,
            List.of(NetworkGraph.INPUT),
            Attributes.integer("to", DataType.FLOAT.getNumber())));
    String lower;
    String width;
    if (intensity.kind() == Intensity.Kind.WINDOW) {
      lower = scalar(graph, "lower", (float) intensity.lower());
      width = scalar(graph, "width", (float) (intensity.upper() - intensity.lower()));
    } else {
      graph
          .inputs()
          .add(
              GraphBuilder.typed(
                  RANGE, DataType.FLOAT, List.of(dims.get(0), GraphBuilder.dimension(2))));
      lower = bound(graph, nodes, "lower", 0);
      String upper = bound(graph, nodes, "upper", 1);
      nodes.add(Graph.node("Sub", "preprocess/difference", List.of(upper, lower)));
      width = "preprocess/width";
      String least = scalar(graph, "least", SMALLEST_RANGE);
      nodes.add(Graph.node("Max", width, List.of("preprocess/difference", least)));
    }
    nodes.add(
        Graph.node("Sub", "preprocess/above", List.of(TritonConfiguration.CAST_INPUT, lower)));
    nodes.add(Graph.node("Div", "preprocess/share", List.of("preprocess/above", width)));
    nodes.add(
        Graph.node(
            "Clip",
            SCALED,
            List.of("preprocess/share", scalar(graph, "zero", 0), scalar(graph, "one", 1))));
    graph.nodes().addAll(0, nodes);
    return graph;
  }

  private static String scalar(Graph graph, String name, float value) {
    return graph.addConstant("preprocess/" + name, Tensor.floats(new float[] {value}));
  }

  /** One column of the range as [batch, 1, 1, 1, 1]. */
  private static String bound(Graph graph, List<NodeProto> nodes, String name, long column) {
    String from = longs(graph, name + "_from", column);
    String to = longs(graph, name + "_to", column + 1);
    String axis = longs(graph, name + "_axis", 1);
    String cut = "preprocess/" + name + "_column";
    nodes.add(Graph.node("Slice", cut, List.of(RANGE, from, to, axis)));
    String bound = "preprocess/" + name;
    nodes.add(
        Graph.node("Reshape", bound, List.of(cut, longs(graph, name + "_shape", 0, 1, 1, 1, 1))));
    return bound;
  }

  private static String longs(Graph graph, String name, long... values) {
    return graph.addConstant("preprocess/" + name, Tensor.longs(values, values.length));
  }

  /**
   * The graph with further outputs: probabilities {@code HEAD_probabilities} of each head that
   * chooses, or the mask. The logits stay, for clients that blend windows.
   */
  static Graph withDecodedOutputs(Graph source, Recipe recipe) {
    Graph graph = source.copy();
    for (Decoded decoded : decoded(recipe)) {
      String logits = NetworkGraph.outputNames(recipe).get(decoded.index());
      List<Dimension> dims = new ArrayList<>(dims(graph.outputs(), decoded.index()));
      switch (decoded.kind()) {
        case SOFTMAX ->
            graph
                .nodes()
                .add(
                    Graph.node(
                        "Softmax", decoded.name(), List.of(logits), Attributes.integer("axis", 1)));
        case SIGMOID -> graph.nodes().add(Graph.node("Sigmoid", decoded.name(), List.of(logits)));
        case MASK -> {
          dims.remove(1);
          addMask(graph, logits);
        }
      }
      DataType type = decoded.kind() == Kind.MASK ? DataType.UINT8 : DataType.FLOAT;
      graph.outputs().add(GraphBuilder.typed(decoded.name(), type, dims));
    }
    return graph;
  }

  private static void addMask(Graph graph, String logits) {
    graph
        .nodes()
        .add(
            Graph.node(
                "ArgMax",
                "postprocess/class",
                List.of(logits),
                Attributes.integer("axis", 1),
                Attributes.integer("keepdims", 0)));
    // TensorRT makes 8-bit outputs from floating-point values only.
    graph
        .nodes()
        .add(
            Graph.node(
                "Cast",
                "postprocess/float",
                List.of("postprocess/class"),
                Attributes.integer("to", DataType.FLOAT.getNumber())));
    graph
        .nodes()
        .add(
            Graph.node(
                "Cast",
                MASK,
                List.of("postprocess/float"),
                Attributes.integer("to", DataType.UINT8.getNumber())));
  }

  private static List<Dimension> dims(List<ValueInfoProto> values, int index) {
    return values.get(index).getType().getTensorType().getShape().getDimList();
  }

  /** How an answer is made from logits. */
  enum Kind {
    SOFTMAX,
    SIGMOID,
    MASK
  }

  /**
   * One further output.
   *
   * @param index of the output with its logits
   * @param classes that the logits are of
   */
  record Decoded(String name, Kind kind, int index, int classes) {
    /**
     * The answer for logits, computed here: what the graph must give.
     *
     * @param logits [N, classes] or [N, classes, positions]
     * @param positions voxels of a sample, 1 for a head
     */
    float[] of(float[] logits, int positions) {
      return switch (kind) {
        case SIGMOID -> sigmoid(logits);
        case SOFTMAX -> softmax(logits, classes);
        case MASK -> {
          int[] chosen = Choices.argmax(logits, classes, positions);
          float[] values = new float[chosen.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = chosen[i];
          }
          yield values;
        }
      };
    }

    private static float[] sigmoid(float[] logits) {
      float[] values = new float[logits.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (1 / (1 + Math.exp(-logits[i])));
      }
      return values;
    }

    private static float[] softmax(float[] logits, int classes) {
      float[] values = new float[logits.length];
      for (int start = 0; start < values.length; start += classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + classes; i++) {
          largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = start; i < start + classes; i++) {
          sum += Math.exp(logits[i] - largest);
        }
        for (int i = start; i < start + classes; i++) {
          values[i] = (float) (Math.exp(logits[i] - largest) / sum);
        }
      }
      return values;
    }
  }

  /** The further outputs of a recipe's network, in order. */
  static List<Decoded> decoded(Recipe recipe) {
    if (recipe.task() == Recipe.Task.SEGMENTATION) {
      return List.of(new Decoded(MASK, Kind.MASK, 0, recipe.labels().size()));
    }
    List<Decoded> all = new ArrayList<>();
    for (int index = 0; index < recipe.heads().size(); index++) {
      Head head = recipe.heads().get(index);
      if (head.activation() != Activation.LINEAR) {
        Kind kind = head.activation() == Activation.SOFTMAX ? Kind.SOFTMAX : Kind.SIGMOID;
        all.add(new Decoded(head.name() + PROBABILITIES, kind, index + 1, head.classes().size()));
      }
    }
    return all;
  }
}
