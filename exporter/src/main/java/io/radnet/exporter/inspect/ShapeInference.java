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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
          case "Conv" -> second == null ? null : convolution(node, first, second);
          case "MaxPool", "AveragePool" ->
              slide(
                  node,
                  first,
                  first.size(1),
                  Attributes.integers(node, "kernel_shape", new long[0]));
          case "GlobalAveragePool", "GlobalMaxPool" -> pooled(first);
          case "Flatten" -> flatten(node, first);
          case "Gemm" -> second == null ? null : gemm(node, first, second);
          case "Resize" -> resize(node, first);
          case "Concat" -> concat(node, first);
          case "Reshape" -> reshape(node, first);
          case "Transpose" -> transpose(node, first);
          case "Slice" -> slice(node, first);
          case "Cast" -> first.withType(type((int) Attributes.integer(node, "to", 1)));
          case "QuantizeLinear" -> {
            ArrayType zero = argument(node, 2);
            yield first.withType(zero == null ? DataType.UINT8 : zero.type());
          }
          case "DequantizeLinear" -> {
            yield first.withType(second == null ? DataType.FLOAT : second.type());
          }
          case "ArgMax" -> argMax(node, first);
          case "Add", "Mul", "Sub", "Div", "Min", "Max" ->
              second != null && second.elements() > first.elements()
                  ? first.withShape(second.shape())
                  : first;
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
              "Exp" ->
              first;
          default -> null;
        });
  }

  private static ArrayType convolution(NodeProto node, ArrayType input, ArrayType weight) {
    long[] kernel = new long[weight.shape().length - 2];
    System.arraycopy(weight.shape(), 2, kernel, 0, kernel.length);
    return slide(node, input, weight.size(0), kernel);
  }

  /** The rule that convolution and pooling share. */
  private static ArrayType slide(NodeProto node, ArrayType input, long channels, long[] kernel) {
    int axes = kernel.length;
    long[] strides = Attributes.integers(node, "strides", filled(axes, 1));
    long[] dilations = Attributes.integers(node, "dilations", filled(axes, 1));
    long[] pads = Attributes.integers(node, "pads", filled(2 * axes, 0));
    long[] shape = input.shape();
    shape[1] = channels;
    for (int axis = 0; axis < axes; axis++) {
      long span = dilations[axis] * (kernel[axis] - 1) + 1;
      shape[2 + axis] =
          (input.size(2 + axis) + pads[axis] + pads[axes + axis] - span) / strides[axis] + 1;
    }
    return input.withShape(shape);
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    java.util.Arrays.fill(values, value);
    return values;
  }

  private static ArrayType pooled(ArrayType input) {
    long[] shape = input.shape();
    java.util.Arrays.fill(shape, 2, shape.length, 1);
    return input.withShape(shape);
  }

  private static ArrayType flatten(NodeProto node, ArrayType input) {
    long axis = Attributes.integer(node, "axis", 1);
    long rows = 1;
    for (int i = 0; i < axis; i++) {
      rows *= input.size(i);
    }
    return input.withShape(rows, rows == 0 ? 0 : input.elements() / rows);
  }

  private static ArrayType gemm(NodeProto node, ArrayType input, ArrayType weight) {
    boolean transposed = Attributes.integer(node, "transB", 0) == 1;
    return input.withShape(input.size(0), weight.size(transposed ? 0 : 1));
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
    int axis = (int) Attributes.integer(node, "axis", 0);
    long[] shape = first.shape();
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
    TensorProto wanted = constants.get(node.getInput(1));
    if (wanted == null || wanted.getRawData().isEmpty()) {
      return null;
    }
    var sizes =
        wanted.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] shape = new long[sizes.remaining()];
    int open = -1;
    long known = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = sizes.get(axis) == 0 ? input.size(axis) : sizes.get(axis);
      if (shape[axis] < 0) {
        open = axis;
      } else {
        known *= shape[axis];
      }
    }
    if (open >= 0) {
      shape[open] = input.elements() / known;
    }
    return input.withShape(shape);
  }

  /** Constant bounds, steps of 1. */
  private @Nullable ArrayType slice(NodeProto node, ArrayType input) {
    long[][] bounds = new long[3][];
    for (int index = 0; index < bounds.length; index++) {
      TensorProto constant =
          index + 1 < node.getInputCount() ? constants.get(node.getInput(index + 1)) : null;
      if (constant == null || constant.getRawData().isEmpty() || node.getInputCount() > 4) {
        return null;
      }
      var values =
          constant
              .getRawData()
              .asReadOnlyByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN)
              .asLongBuffer();
      bounds[index] = new long[values.remaining()];
      values.get(bounds[index]);
    }
    long[] shape = input.shape();
    for (int i = 0; i < bounds[2].length; i++) {
      int axis = (int) bounds[2][i];
      shape[axis] = Math.min(bounds[1][i], shape[axis]) - bounds[0][i];
    }
    return input.withShape(shape);
  }

  private static ArrayType transpose(NodeProto node, ArrayType input) {
    long[] order = Attributes.integers(node, "perm", new long[0]);
    long[] shape = input.shape();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = input.size((int) (order.length == 0 ? shape.length - 1 - axis : order[axis]));
    }
    return input.withShape(shape);
  }

  private static ArrayType argMax(NodeProto node, ArrayType input) {
    long[] shape = input.shape();
    int axis = (int) Attributes.integer(node, "axis", 0);
    if (Attributes.integer(node, "keepdims", 1) == 1) {
      shape[axis] = 1;
      return new ArrayType(DataType.INT64, shape);
    }
    long[] fewer = new long[shape.length - 1];
    for (int i = 0; i < fewer.length; i++) {
      fewer[i] = shape[i < axis ? i : i + 1];
    }
    return new ArrayType(DataType.INT64, fewer);
  }
}
