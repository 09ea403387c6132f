package io.radnet.exporter.graph;

import io.radnet.proto.onnx.AttributeProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.TypeProto;
import io.radnet.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds a graph node by node. Names are made unique; constants of equal content are stored once.
 *
 * <pre>{@code
 * GraphBuilder builder = new GraphBuilder();
 * Value x = builder.input("x", DataType.FLOAT, List.of(builder.dimension("batch"), builder.dimension(3)));
 * Value w = builder.constant("w", Tensor.floats(new float[] {1, 2, 3}, 3));
 * builder.output("y", builder.add("Mul", "scale", List.of(x, w)), DataType.FLOAT, dims);
 * Graph graph = builder.build();
 * }</pre>
 */
public final class GraphBuilder {
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, Value> byContent = new HashMap<>();
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final List<ValueInfoProto> outputs = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> reserved = new HashSet<>();

  /** Keeps names free for outputs, so that no node or constant takes them before. */
  public void reserve(Collection<String> outputNames) {
    reserved.addAll(outputNames);
  }

  /** An axis that every call may choose, such as the batch. */
  public static Dimension dimension(String name) {
    return Dimension.newBuilder().setDimParam(name).build();
  }

  /** An axis of a fixed size. */
  public static Dimension dimension(long size) {
    return Dimension.newBuilder().setDimValue(size).build();
  }

  /** Adds an input of the graph under exactly this name. */
  public Value input(String name, DataType type, List<Dimension> shape) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("input: " + name + " (expected: a new name)");
    }
    inputs.add(typed(name, type, shape));
    return new Value(name);
  }

  /** Adds a constant, or finds the equal one that is there already. */
  public Value constant(String name, Tensor tensor) {
    return byContent.computeIfAbsent(
        tensor.contentKey(),
        key -> {
          Value value = new Value(unique(name));
          constants.put(value.name(), tensor);
          return value;
        });
  }

  /** Adds a node with one output. */
  public Value add(
      String operator, String name, List<Value> arguments, AttributeProto... attributes) {
    String unique = unique(name);
    NodeProto.Builder node =
        NodeProto.newBuilder().setName(unique).setOpType(operator).addOutput(unique);
    arguments.forEach(argument -> node.addInput(argument.name()));
    node.addAllAttribute(List.of(attributes));
    nodes.add(node.build());
    return new Value(unique);
  }

  /** Makes {@code value} an output of the graph under exactly this name. */
  public void output(String name, Value value, DataType type, List<Dimension> shape) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("output: " + name + " (expected: a new name)");
    }
    boolean made = nodes.stream().anyMatch(node -> node.getOutputList().contains(value.name()));
    boolean taken = outputs.stream().anyMatch(output -> output.getName().equals(value.name()));
    if (made && !taken) {
      rename(value.name(), name);
    } else {
      nodes.add(
          NodeProto.newBuilder()
              .setName(unique(name + "/identity"))
              .setOpType("Identity")
              .addInput(value.name())
              .addOutput(name)
              .build());
    }
    outputs.add(typed(name, type, shape));
  }

  /** The graph so far. */
  public Graph build() {
    Graph graph = new Graph(nodes, constants, inputs, outputs);
    graph.dropUnusedConstants();
    return graph;
  }

  /** A value with its type and shape, as inputs and outputs need it. */
  public static ValueInfoProto typed(String name, DataType type, List<Dimension> shape) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(TensorShapeProto.newBuilder().addAllDim(shape))))
        .build();
  }

  private void rename(String from, String to) {
    nodes.replaceAll(
        node -> {
          NodeProto renamed = Graph.withInputs(node, Map.of(from, to));
          if (!renamed.getOutputList().contains(from)) {
            return renamed;
          }
          NodeProto.Builder builder = renamed.toBuilder().clearOutput();
          renamed
              .getOutputList()
              .forEach(output -> builder.addOutput(output.equals(from) ? to : output));
          return builder.build();
        });
  }

  private String unique(String name) {
    String candidate = name;
    for (int number = 2; reserved.contains(candidate) || !names.add(candidate); number++) {
      candidate = name + "." + number;
    }
    return candidate;
  }
}
