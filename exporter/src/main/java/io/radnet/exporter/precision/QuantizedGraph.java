package io.radnet.exporter.precision;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.Tensor;
import io.radnet.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Convolutions on 8-bit values as pairs of QuantizeLinear and DequantizeLinear, symmetric (zero
 * point 0), which is the form that TensorRT takes: weights with one scale per filter, what a
 * convolution reads with one scale from calibration. Biases, sums and the heads of label networks,
 * which are no convolutions, stay in single precision.
 */
public final class QuantizedGraph {
  private static final int LARGEST = 127;

  private QuantizedGraph() {}

  /** What the convolutions of {@code graph} read, each value once: what calibration must watch. */
  public static Set<String> watched(Graph graph) {
    Set<String> watched = new LinkedHashSet<>();
    for (NodeProto node : graph.nodes()) {
      if (isQuantized(node, graph)) {
        watched.add(node.getInput(0));
      }
    }
    return watched;
  }

  /**
   * A quantised copy.
   *
   * @param ranges for each value of {@link #watched}, the largest magnitude that 127 stands for
   */
  public static Graph of(Graph source, Map<String, Float> ranges) {
    Graph graph = source.copy();
    List<NodeProto> nodes = new ArrayList<>();
    Map<String, String> quantized = new HashMap<>();
    for (NodeProto node : graph.nodes()) {
      if (!isQuantized(node, graph)) {
        nodes.add(node);
        continue;
      }
      String input = node.getInput(0);
      String activation =
          quantized.computeIfAbsent(
              input, name -> addActivation(graph, nodes, name, range(ranges, name)));
      NodeProto.Builder builder = node.toBuilder().clearInput();
      builder.addInput(activation).addInput(addWeight(graph, nodes, node));
      for (int index = 2; index < node.getInputCount(); index++) {
        builder.addInput(node.getInput(index));
      }
      nodes.add(builder.build());
    }
    graph.nodes().clear();
    graph.nodes().addAll(nodes);
    graph.dropUnusedConstants();
    graph.shareEqualConstants();
    return graph;
  }

  private static boolean isQuantized(NodeProto node, Graph graph) {
    return node.getOpType().equals("Conv") && graph.constants().containsKey(node.getInput(1));
  }

  private static float range(Map<String, Float> ranges, String name) {
    Float range = ranges.get(name);
    if (range == null || !(range > 0)) {
      throw new IllegalArgumentException(name + ": range " + range + " (expected: above 0)");
    }
    return range;
  }

  private static String addActivation(
      Graph graph, List<NodeProto> nodes, String name, float range) {
    String scale =
        graph.addConstant(name + "/scale8", Tensor.floats(new float[] {range / LARGEST}));
    String zero = graph.addConstant(name + "/zero8", Tensor.bytes(new byte[1]));
    String stored = name + "/int8";
    nodes.add(node("QuantizeLinear", name + "/quantize", List.of(name, scale, zero), stored));
    String restored = name + "/restored";
    nodes.add(node("DequantizeLinear", restored, List.of(stored, scale, zero), restored));
    return restored;
  }

  private static String addWeight(Graph graph, List<NodeProto> nodes, NodeProto convolution) {
    Tensor weight = graph.constant(convolution.getInput(1));
    float[] values = weight.toFloats();
    int filters = (int) weight.shape()[0];
    int perFilter = values.length / filters;
    float[] scales = new float[filters];
    byte[] bytes = new byte[values.length];
    for (int filter = 0; filter < filters; filter++) {
      float largest = 0;
      for (int i = filter * perFilter; i < (filter + 1) * perFilter; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      // A filter of zeros keeps a scale that divides.
      scales[filter] = largest == 0 ? 1 : largest / LARGEST;
      for (int i = filter * perFilter; i < (filter + 1) * perFilter; i++) {
        bytes[i] = (byte) Math.rint(values[i] / scales[filter]);
      }
    }
    String name = convolution.getName();
    String stored = graph.addConstant(name + "/weight8", Tensor.bytes(bytes, weight.shape()));
    String scale = graph.addConstant(name + "/weight_scale8", Tensor.floats(scales, filters));
    String zero =
        graph.addConstant(name + "/weight_zero8", Tensor.bytes(new byte[filters], filters));
    String restored = name + "/weight_restored";
    nodes.add(
        node("DequantizeLinear", restored, List.of(stored, scale, zero), restored).toBuilder()
            .addAttribute(Attributes.integer("axis", 0))
            .build());
    return restored;
  }

  private static NodeProto node(String operator, String name, List<String> inputs, String output) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(name)
        .addAllInput(inputs)
        .addOutput(output)
        .build();
  }
}
