package io.radnet.exporter.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.AttributeProto;
import java.util.List;

/** What a converter sees: the graph under construction and its block's place in the tree. */
public final class Conversion {
  private final Converters converters;
  private final GraphBuilder graph;
  private final String path;

  Conversion(Converters converters, GraphBuilder graph, String path) {
    this.converters = converters;
    this.graph = graph;
    this.path = path;
  }

  /** The block's place in the tree, such as {@code encoder/stage1.unit2/conv1}. */
  public String path() {
    return path;
  }

  /** The block's place in the tree for a message. */
  String where() {
    return path.isEmpty() ? "the network's root" : path;
  }

  /** Converts a child with the converter for its kind. */
  public List<Value> child(String name, Block child, List<Value> inputs) {
    String childPath = path.isEmpty() ? name : path + "/" + name;
    return converters.convert(child, inputs, new Conversion(converters, graph, childPath));
  }

  /** Converts a child that has one input and one output. */
  public Value child(String name, Block child, Value input) {
    List<Value> outputs = child(name, child, List.of(input));
    if (outputs.size() != 1) {
      throw new InvalidInputException(path + "/" + name, outputs.size() + " outputs (expected: 1)");
    }
    return outputs.get(0);
  }

  /** Adds a node named after the block's path. */
  public Value add(String operator, List<Value> arguments, AttributeProto... attributes) {
    return addNamed(path, operator, arguments, attributes);
  }

  /** Adds a node to a block that needs several; {@code step} tells them apart. */
  public Value addStep(
      String step, String operator, List<Value> arguments, AttributeProto... attributes) {
    return addNamed(path.isEmpty() ? step : path + "/" + step, operator, arguments, attributes);
  }

  private Value addNamed(
      String name, String operator, List<Value> arguments, AttributeProto... attributes) {
    return graph.add(operator, name.isEmpty() ? operator : name, arguments, attributes);
  }

  /** Adds a constant named after the block's path. */
  public Value constant(String name, Tensor tensor) {
    return graph.constant(path.isEmpty() ? name : path + "/" + name, tensor);
  }

  /** Adds a weight. */
  public Value weight(Parameter parameter) {
    return constant(parameter.getName(), values(parameter));
  }

  /** The values of a weight, in single precision. */
  public Tensor values(Parameter parameter) {
    if (!parameter.isInitialized()) {
      throw new InvalidInputException(path + "/" + parameter.getName(), "a weight without values");
    }
    NDArray array = parameter.getArray();
    return Tensor.floats(array.toFloatArray(), array.getShape().getShape());
  }
}
