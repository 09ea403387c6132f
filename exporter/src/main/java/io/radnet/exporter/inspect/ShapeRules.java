package io.radnet.exporter.inspect;

import io.radnet.exporter.graph.Attributes;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.util.Arrays;

/** Output shapes that follow from the input's shape and the node's settings alone. */
final class ShapeRules {
  private ShapeRules() {}

  static ArrayType broadcast(ArrayType left, ArrayType right) {
    long[] a = left.shape();
    long[] b = right.shape();
    long[] shape = new long[Math.max(a.length, b.length)];
    for (int back = 1; back <= shape.length; back++) {
      shape[shape.length - back] =
          Math.max(
              back <= a.length ? a[a.length - back] : 1, back <= b.length ? b[b.length - back] : 1);
    }
    return left.withShape(shape);
  }

  static ArrayType matMul(ArrayType left, ArrayType right) {
    long[] shape = left.shape();
    shape[shape.length - 1] = right.size(right.shape().length - 1);
    return left.withShape(shape);
  }

  static ArrayType convolution(NodeProto node, ArrayType input, ArrayType weight) {
    long[] kernel = new long[weight.shape().length - 2];
    System.arraycopy(weight.shape(), 2, kernel, 0, kernel.length);
    return slide(node, input, weight.size(0), kernel);
  }

  /** The rule that convolution and pooling share. */
  static ArrayType slide(NodeProto node, ArrayType input, long channels, long[] kernel) {
    int axes = kernel.length;
    long[] strides = Attributes.integers(node, "strides", filled(axes, 1));
    long[] dilations = Attributes.integers(node, "dilations", filled(axes, 1));
    long[] pads = Attributes.integers(node, "pads", filled(2 * axes, 0));
    boolean ceil = Attributes.integer(node, "ceil_mode", 0) == 1;
    long[] shape = input.shape();
    shape[1] = channels;
    for (int axis = 0; axis < axes; axis++) {
      long span = dilations[axis] * (kernel[axis] - 1) + 1;
      long room = input.size(2 + axis) + pads[axis] + pads[axes + axis] - span;
      shape[2 + axis] = (ceil ? -Math.floorDiv(-room, strides[axis]) : room / strides[axis]) + 1;
    }
    return input.withShape(shape);
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }

  static ArrayType pooled(ArrayType input) {
    long[] shape = input.shape();
    Arrays.fill(shape, 2, shape.length, 1);
    return input.withShape(shape);
  }

  static ArrayType flatten(NodeProto node, ArrayType input) {
    long axis = Attributes.integer(node, "axis", 1);
    long rows = 1;
    for (int i = 0; i < axis; i++) {
      rows *= input.size(i);
    }
    return input.withShape(rows, rows == 0 ? 0 : input.elements() / rows);
  }

  static ArrayType gemm(NodeProto node, ArrayType input, ArrayType weight) {
    boolean transposed = Attributes.integer(node, "transB", 0) == 1;
    return input.withShape(input.size(0), weight.size(transposed ? 0 : 1));
  }

  static ArrayType transpose(NodeProto node, ArrayType input) {
    long[] order = Attributes.integers(node, "perm", new long[0]);
    long[] shape = input.shape();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = input.size((int) (order.length == 0 ? shape.length - 1 - axis : order[axis]));
    }
    return input.withShape(shape);
  }

  static ArrayType argMax(NodeProto node, ArrayType input) {
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
