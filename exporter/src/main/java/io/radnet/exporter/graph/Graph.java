package io.radnet.exporter.graph;

import io.radnet.proto.onnx.AttributeProto;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph that passes may rewrite in place. Nodes are in topological order. */
public final class Graph {
  private static final long LARGEST_OUTLINED = 1024;

  private final List<NodeProto> nodes;
  private final Map<String, Tensor> constants;
  private final List<ValueInfoProto> inputs;
  private final List<ValueInfoProto> outputs;
  private int fresh;

  Graph(
      List<NodeProto> nodes,
      Map<String, Tensor> constants,
      List<ValueInfoProto> inputs,
      List<ValueInfoProto> outputs) {
    this.nodes = new ArrayList<>(nodes);
    this.constants = new LinkedHashMap<>(constants);
    this.inputs = new ArrayList<>(inputs);
    this.outputs = new ArrayList<>(outputs);
  }

  /** A copy to rewrite; nodes and tensors are shared, since they do not change. */
  public Graph copy() {
    return new Graph(nodes, constants, inputs, outputs);
  }

  /** In topological order; may be rewritten. */
  public List<NodeProto> nodes() {
    return nodes;
  }

  /** By name; may be rewritten. */
  public Map<String, Tensor> constants() {
    return constants;
  }

  /** What a caller gives; may be rewritten. */
  public List<ValueInfoProto> inputs() {
    return inputs;
  }

  /** What a caller gets; may be rewritten. */
  public List<ValueInfoProto> outputs() {
    return outputs;
  }

  /** How many nodes read each value, an output of the graph counting as one more. */
  public Map<String, Integer> uses() {
    Map<String, Integer> uses = new HashMap<>();
    nodes.forEach(node -> node.getInputList().forEach(name -> uses.merge(name, 1, Integer::sum)));
    outputs.forEach(output -> uses.merge(output.getName(), 1, Integer::sum));
    return uses;
  }

  /** The node that makes each value. */
  public Map<String, NodeProto> producers() {
    Map<String, NodeProto> producers = new HashMap<>();
    nodes.forEach(node -> node.getOutputList().forEach(name -> producers.put(name, node)));
    return producers;
  }

  /** The constant of that name, which must be one. */
  public Tensor constant(String name) {
    Tensor tensor = constants.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name + ": a computed value (expected: a constant)");
    }
    return tensor;
  }

  /** Adds a constant under a name that begins with {@code hint}, and returns its name. */
  public String addConstant(String hint, Tensor tensor) {
    String name = hint;
    while (constants.containsKey(name)) {
      fresh++;
      name = hint + "." + fresh;
    }
    constants.put(name, tensor);
    return name;
  }

  /** Removes nodes that no output depends on, and then constants that no node reads. */
  public void dropUnreachableNodes() {
    Set<String> needed = new HashSet<>();
    outputs.forEach(output -> needed.add(output.getName()));
    for (int index = nodes.size() - 1; index >= 0; index--) {
      NodeProto node = nodes.get(index);
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        needed.addAll(node.getInputList());
      } else {
        nodes.remove(index);
      }
    }
    dropUnusedConstants();
  }

  /** Removes constants that no node reads. */
  public void dropUnusedConstants() {
    Set<String> used = new HashSet<>(uses().keySet());
    constants.keySet().retainAll(used);
  }

  /** Lets equal constants share one copy. */
  public void shareEqualConstants() {
    Map<String, String> byContent = new HashMap<>();
    Map<String, String> renamed = new HashMap<>();
    constants.forEach(
        (name, tensor) -> {
          String first = byContent.putIfAbsent(tensor.contentKey(), name);
          if (first != null) {
            renamed.put(name, first);
          }
        });
    nodes.replaceAll(node -> withInputs(node, renamed));
    constants.keySet().removeAll(renamed.keySet());
  }

  /** A node with one output of its own name. */
  public static NodeProto node(
      String operator, String name, List<String> inputs, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(name)
        .addAllInput(inputs)
        .addOutput(name)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  /** The node with some of its inputs replaced. */
  public static NodeProto withInputs(NodeProto node, Map<String, String> renamed) {
    if (node.getInputList().stream().noneMatch(renamed::containsKey)) {
      return node;
    }
    NodeProto.Builder builder = node.toBuilder().clearInput();
    node.getInputList().forEach(name -> builder.addInput(renamed.getOrDefault(name, name)));
    return builder.build();
  }

  /** Bytes of all constants. */
  public long constantBytes() {
    return constants.values().stream().mapToLong(Tensor::size).sum();
  }

  /** As a file has it, with the constants' types but without the content of large ones. */
  public GraphProto outline() {
    GraphProto.Builder outline = toProto("outline");
    constants.forEach(
        (name, tensor) ->
            outline.addInitializer(
                tensor.size() <= LARGEST_OUTLINED
                    ? tensor.toProto(name)
                    : tensor.header(name).build()));
    return outline.build();
  }

  /** As a file has it, without the constants. */
  GraphProto.Builder toProto(String name) {
    return GraphProto.newBuilder()
        .setName(name)
        .addAllNode(nodes)
        .addAllInput(inputs)
        .addAllOutput(outputs);
  }
}
