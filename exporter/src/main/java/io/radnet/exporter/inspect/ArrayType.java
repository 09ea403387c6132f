package io.radnet.exporter.inspect;

import io.radnet.exporter.graph.Tensor;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.util.Arrays;

/**
 * Element type and sizes of a value.
 *
 * @param type of the elements
 * @param shape outermost first
 */
public record ArrayType(DataType type, long... shape) {
  /** Copies the shape. */
  public ArrayType {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** The size of axis {@code axis}. */
  long size(int axis) {
    return shape[axis];
  }

  /** The product of the sizes. */
  public long elements() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Bytes in memory. */
  public long bytes() {
    return elements() * Tensor.bytesPerElement(type);
  }

  ArrayType withType(DataType other) {
    return new ArrayType(other, shape);
  }

  ArrayType withShape(long... other) {
    return new ArrayType(type, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ArrayType array
        && type == array.type
        && Arrays.equals(shape, array.shape);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(shape);
  }

  /** Such as {@code 1x64x48x96x96}. */
  @Override
  public String toString() {
    return shape.length == 0
        ? "scalar"
        : String.join("x", Arrays.stream(shape).mapToObj(Long::toString).toArray(String[]::new));
  }
}
