package io.radnet.exporter.precision;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.HalfPrecision;
import io.radnet.exporter.graph.Tensor;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Weights and arithmetic in half precision from the input up to global pooling, softmax or a
 * sigmoid; from there on in single precision, since sums over a whole volume and probabilities need
 * it. The factors of a Resize stay in single precision, as ONNX wants. Normalisation statistics
 * were folded before, in double precision. Inputs and outputs stay in single precision.
 */
public final class HalfPrecisionGraph {
  private static final Set<String> NEEDS_SINGLE =
      Set.of("GlobalAveragePool", "Softmax", "Sigmoid", "ArgMax");
  private static final String SUFFIX = "/half";

  private final Graph graph;
  private final Set<String> half = new HashSet<>();
  private final Map<String, String> casts = new HashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Set<String> values = new HashSet<>();

  private HalfPrecisionGraph(Graph graph) {
    this.graph = graph;
  }

  /**
   * A copy in half precision.
   *
   * @throws InvalidInputException where a weight is beyond what half precision can hold
   */
  public static Graph of(Graph source) {
    return new HalfPrecisionGraph(source.copy()).rewrite();
  }

  private Graph rewrite() {
    Map<String, ValueInfoProto> outputs = new HashMap<>();
    graph.outputs().forEach(output -> outputs.put(output.getName(), output));
    Set<String> inputs = new HashSet<>();
    graph.inputs().forEach(input -> inputs.add(input.getName()));
    values.addAll(inputs);
    for (NodeProto node : graph.nodes()) {
      values.addAll(node.getOutputList());
      boolean single = needsSingle(node, inputs);
      NodeProto rewritten = withArguments(node, single);
      if (single) {
        nodes.add(rewritten);
      } else {
        addHalf(rewritten, outputs);
      }
    }
    graph.nodes().clear();
    graph.nodes().addAll(nodes);
    graph.dropUnusedConstants();
    graph.shareEqualConstants();
    return graph;
  }

  private boolean needsSingle(NodeProto node, Set<String> inputs) {
    if (NEEDS_SINGLE.contains(node.getOpType())) {
      return true;
    }
    return node.getInputList().stream()
        .anyMatch(name -> values.contains(name) && !half.contains(name) && !inputs.contains(name));
  }

  private NodeProto withArguments(NodeProto node, boolean single) {
    NodeProto.Builder builder = node.toBuilder().clearInput();
    for (int index = 0; index < node.getInputCount(); index++) {
      String name = node.getInput(index);
      boolean constant = graph.constants().containsKey(name);
      // The factors of a Resize, and the sizes of a Reshape.
      boolean kept =
          constant
              && (node.getOpType().equals("Resize")
                  || graph.constant(name).type() != DataType.FLOAT);
      if (name.isEmpty() || kept || (constant && single)) {
        builder.addInput(name);
      } else if (constant) {
        builder.addInput(halfConstant(name));
      } else if (half.contains(name) == !single) {
        builder.addInput(name);
      } else {
        builder.addInput(cast(name, single ? DataType.FLOAT : DataType.FLOAT16));
      }
    }
    return builder.build();
  }

  /** An output of the graph keeps its name and is cast back; others get half values. */
  private void addHalf(NodeProto node, Map<String, ValueInfoProto> outputs) {
    NodeProto.Builder builder = node.toBuilder().clearOutput();
    List<NodeProto> back = new ArrayList<>();
    for (String output : node.getOutputList()) {
      if (!outputs.containsKey(output)) {
        builder.addOutput(output);
        half.add(output);
        continue;
      }
      String computed = output + SUFFIX;
      builder.addOutput(computed);
      back.add(castNode(computed, output, DataType.FLOAT));
    }
    nodes.add(builder.build());
    nodes.addAll(back);
  }

  private String cast(String name, DataType type) {
    return casts.computeIfAbsent(
        name,
        key -> {
          String converted = name + (type == DataType.FLOAT16 ? SUFFIX : "/single");
          nodes.add(castNode(name, converted, type));
          return converted;
        });
  }

  private static NodeProto castNode(String from, String to, DataType type) {
    return NodeProto.newBuilder()
        .setName(to + "/cast")
        .setOpType("Cast")
        .addInput(from)
        .addOutput(to)
        .addAttribute(Attributes.integer("to", type.getNumber()))
        .build();
  }

  private String halfConstant(String name) {
    String converted = name + SUFFIX;
    graph
        .constants()
        .computeIfAbsent(
            converted,
            key -> {
              Tensor tensor = graph.constant(name);
              float[] floats = tensor.toFloats();
              for (float value : floats) {
                if (Math.abs(value) > HalfPrecision.LARGEST) {
                  throw new InvalidInputException(
                      name, "weight " + value + " (expected for fp16: at most 65504)");
                }
              }
              return Tensor.halves(floats, tensor.shape());
            });
    return converted;
  }
}
