package io.radnet.exporter.inspect;

import com.google.protobuf.ByteString;
import io.radnet.exporter.graph.Attributes;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.ValueInfoProto;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The type of every value for one concrete input, for the operators that radnet exports and their
 * next of kin. A value behind another operator stays unknown, so that any model can be looked at.
 */
public final class ShapeInference {
  private final Map<String, ArrayType> types = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();

  private ShapeInference() {}

  /**
   * @param sizes of axes by their name, such as depth; another named axis counts as 1
   * @return the types by the value's name
   */
  public static Map<String, ArrayType> infer(GraphProto graph, Map<String, Long> sizes) {
    ShapeInference inference = new ShapeInference();
    for (TensorProto constant : graph.getInitializerList()) {
      inference.constants.put(constant.getName(), constant);
      inference.types.put(constant.getName(), typeOf(constant));
    }
    for (ValueInfoProto input : graph.getInputList()) {
      inference.types.putIfAbsent(input.getName(), declared(input, sizes));
    }
    for (NodeProto node : graph.getNodeList()) {
      inference
          .output(node)
          .ifPresent(type -> node.getOutputList().forEach(name -> inference.types.put(name, type)));
    }
    return inference.types;
  }

  static ArrayType typeOf(TensorProto constant) {
    return new ArrayType(
        type(constant.getDataType()),
        constant.getDimsList().stream().mapToLong(Long::longValue).toArray());
  }

  static ArrayType declared(ValueInfoProto value, Map<String, Long> sizes) {
    long[] shape =
        value.getType().getTensorType().getShape().getDimList().stream()
            .mapToLong(dimension -> size(dimension, sizes))
            .toArray();
    return new ArrayType(type(value.getType().getTensorType().getElemType()), shape);
  }

  private static long size(Dimension dimension, Map<String, Long> sizes) {
    return dimension.hasDimValue()
        ? dimension.getDimValue()
        : sizes.getOrDefault(dimension.getDimParam(), 1L);
  }

  private static DataType type(int number) {
    DataType type = DataType.forNumber(number);
    return type == null ? DataType.UNDEFINED : type;
  }

  private @Nullable ArrayType argument(NodeProto node, int index) {
    return index < node.getInputCount() ? types.get(node.getInput(index)) : null;
  }

  private Optional<ArrayType> output(NodeProto node) {
    ArrayType first = argument(node, 0);
    if (first == null) {
      return Optional.empty();
    }
    ArrayType second = argument(node, 1);
    return Optional.ofNullable(
        switch (node.getOpType()) {
          case "Conv" -> second == null ? null : ShapeRules.convolution(node, first, second);
          case "MaxPool", "AveragePool" ->
              ShapeRules.slide(
                  node,
                  first,
                  first.size(1),
                  Attributes.integers(node, "kernel_shape", new long[0]));
          case "GlobalAveragePool", "GlobalMaxPool" -> ShapeRules.pooled(first);
          case "Flatten" -> ShapeRules.flatten(node, first);
          case "Gemm" -> second == null ? null : ShapeRules.gemm(node, first, second);
          case "Resize" -> resize(node, first);
          case "Concat" -> concat(node, first);
          case "Reshape" -> reshape(node, first);
          case "Transpose" -> ShapeRules.transpose(node, first);
          case "Slice" -> slice(node, first);
          case "Cast" -> first.withType(type((int) Attributes.integer(node, "to", 1)));
          case "QuantizeLinear" -> {
            ArrayType zero = argument(node, 2);
            yield first.withType(zero == null ? DataType.UINT8 : zero.type());
          }
          case "DequantizeLinear" -> {
            yield first.withType(second == null ? DataType.FLOAT : second.type());
          }
          case "ArgMax" -> ShapeRules.argMax(node, first);
          case "Unsqueeze", "Squeeze", "ReduceSum" -> axes(node, first);
          case "MatMul" -> second == null ? null : ShapeRules.matMul(first, second);
          case "Add", "Mul", "Sub", "Div", "Pow", "Min", "Max" ->
              second == null ? null : ShapeRules.broadcast(first, second);
          case "Relu",
              "Sigmoid",
              "Tanh",
              "Softplus",
              "Softsign",
              "Softmax",
              "Clip",
              "Identity",
              "BatchNormalization",
              "InstanceNormalization",
              "LeakyRelu",
              "Elu",
              "Selu",
              "PRelu",
              "LogSoftmax",
              "Erf",
              "Neg",
              "Abs",
              "Sqrt",
              "Log",
              "Exp" ->
              first;
          default -> null;
        });
  }

  /** Axes that a constant names are added, removed or summed up. */
  private @Nullable ArrayType axes(NodeProto node, ArrayType input) {
    long[] axes = longs(node, 1);
    if (axes == null) {
      return null;
    }
    boolean adds = node.getOpType().equals("Unsqueeze");
    boolean keeps =
        node.getOpType().equals("ReduceSum") && Attributes.integer(node, "keepdims", 1) == 1;
    int rank = input.shape().length + (adds ? axes.length : 0);
    Set<Long> named = new HashSet<>();
    for (long axis : axes) {
      named.add(axis < 0 ? axis + rank : axis);
    }
    List<Long> shape = new ArrayList<>();
    int read = 0;
    for (long axis = 0; axis < rank; axis++) {
      if (!named.contains(axis)) {
        shape.add(input.size(read++));
        continue;
      }
      if (adds || keeps) {
        shape.add(1L);
      }
      read += adds ? 0 : 1;
    }
    return input.withShape(shape.stream().mapToLong(Long::longValue).toArray());
  }

  /** The whole numbers of a small constant; null where there is none. */
  private long @Nullable [] longs(NodeProto node, int index) {
    TensorProto constant =
        index < node.getInputCount() ? constants.get(node.getInput(index)) : null;
    if (constant == null || constant.getRawData().isEmpty()) {
      return null;
    }
    var values =
        constant.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] numbers = new long[values.remaining()];
    values.get(numbers);
    return numbers;
  }

  private @Nullable ArrayType resize(NodeProto node, ArrayType input) {
    TensorProto scales = node.getInputCount() > 2 ? constants.get(node.getInput(2)) : null;
    if (scales == null || scales.getRawData().isEmpty()) {
      return null;
    }
    ByteString raw = scales.getRawData();
    var values = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    long[] shape = input.shape();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = (long) Math.floor(shape[axis] * values.get(axis));
    }
    return input.withShape(shape);
  }

  private @Nullable ArrayType concat(NodeProto node, ArrayType first) {
    int given = (int) Attributes.integer(node, "axis", 0);
    long[] shape = first.shape();
    int axis = given < 0 ? given + shape.length : given;
    for (int index = 1; index < node.getInputCount(); index++) {
      ArrayType other = argument(node, index);
      if (other == null) {
        return null;
      }
      shape[axis] += other.size(axis);
    }
    return first.withShape(shape);
  }

  /** 0 copies the input's size, -1 takes what is left. */
  private @Nullable ArrayType reshape(NodeProto node, ArrayType input) {
    long[] shape = longs(node, 1);
    if (shape == null) {
      return null;
    }
    int open = -1;
    long known = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = shape[axis] == 0 ? input.size(axis) : shape[axis];
      if (shape[axis] < 0) {
        open = axis;
      } else {
        known *= shape[axis];
      }
    }
    if (open >= 0) {
      shape[open] = known == 0 ? 0 : input.elements() / known;
    }
    return input.withShape(shape);
  }

  /** A bound within the axis; negative ones count from its end. */
  private static long bound(long value, long size) {
    return Math.max(0, Math.min(size, value < 0 ? value + size : value));
  }

  /** Constant bounds, steps of 1. */
  private @Nullable ArrayType slice(NodeProto node, ArrayType input) {
    long[][] bounds = new long[3][];
    for (int index = 0; index < bounds.length; index++) {
      long[] values = longs(node, index + 1);
      if (values == null || node.getInputCount() > 4) {
        return null;
      }
      bounds[index] = values;
    }
    long[] shape = input.shape();
    if (bounds[0].length != bounds[2].length || bounds[1].length != bounds[2].length) {
      return null;
    }
    for (int i = 0; i < bounds[2].length; i++) {
      int axis = (int) (bounds[2][i] < 0 ? bounds[2][i] + shape.length : bounds[2][i]);
      if (axis < 0 || axis >= shape.length) {
        return null;
      }
      long begin = bound(bounds[0][i], shape[axis]);
      shape[axis] = Math.max(0, bound(bounds[1][i], shape[axis]) - begin);
    }
    return input.withShape(shape);
  }
}
