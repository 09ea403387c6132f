package io.radnet.trainer.checkpoint;

import java.util.Arrays;

/**
 * A float32 array.
 *
 * @param shape sides, outermost first; empty for a scalar
 * @param values row-major; shared, treat as read-only
 */
public record Tensor(long[] shape, float[] values) {
  /** Checks that shape and values agree, and copies the shape. */
  public Tensor {
    shape = shape.clone();
    long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "values: "
              + values.length
              + " (expected for shape "
              + Arrays.toString(shape)
              + ": "
              + size
              + ")");
    }
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && Arrays.equals(shape, tensor.shape)
        && Arrays.equals(values, tensor.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "float32" + Arrays.toString(shape);
  }
}
