package io.radnet.server.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Values of one input or output: row-major, little-endian, no padding.
 *
 * @param name of the input or output
 * @param type of the elements
 * @param shape sizes, outermost first
 * @param data the bytes from position 0 to the limit; shared, treat as read-only
 */
public record Tensor(String name, TensorType type, List<Long> shape, ByteBuffer data) {
  /** Checks that shape, type and bytes agree. */
  public Tensor {
    shape = List.copyOf(shape);
    long bytes = elements(shape) * type.bytes();
    if (data.remaining() != bytes) {
      throw new RequestException(
          RequestException.Reason.INVALID,
          "tensor "
              + name
              + ": "
              + data.remaining()
              + " bytes (expected: "
              + bytes
              + " for "
              + type
              + " "
              + shape
              + ")");
    }
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A new tensor in direct memory, which a session reads without another copy. */
  public static Tensor allocate(String name, TensorType type, List<Long> shape) {
    long bytes = elements(shape) * type.bytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new RequestException(
          RequestException.Reason.TOO_LARGE,
          "tensor " + name + ": " + bytes + " bytes (expected: < 2 GiB)");
    }
    return new Tensor(name, type, shape, ByteBuffer.allocateDirect((int) bytes));
  }

  /** The number of elements of a shape. */
  public static long elements(List<Long> shape) {
    long product = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new RequestException(
            RequestException.Reason.INVALID, "shape " + shape + " (expected: every size >= 0)");
      }
      try {
        product = Math.multiplyExact(product, size);
      } catch (ArithmeticException overflow) {
        throw new RequestException(
            RequestException.Reason.INVALID, "shape " + shape + " (expected: fewer elements)");
      }
    }
    if (product > Long.MAX_VALUE / 8) {
      throw new RequestException(
          RequestException.Reason.INVALID, "shape " + shape + " (expected: fewer elements)");
    }
    return product;
  }

  /** The values of an FP32 tensor, from the first. */
  public FloatBuffer floats() {
    if (type != TensorType.FP32) {
      throw new RequestException(
          RequestException.Reason.INVALID, "tensor " + name + ": " + type + " (expected: FP32)");
    }
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** The size along the first axis, which counts independent examples. */
  public long batch() {
    return shape.isEmpty() ? 1 : shape.get(0);
  }
}
