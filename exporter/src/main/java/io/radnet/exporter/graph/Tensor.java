package io.radnet.exporter.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A constant array, row-major, little-endian as in the file. Not changed once made. */
public final class Tensor {
  private final DataType type;
  private final long[] shape;
  private final byte[] bytes;

  private Tensor(DataType type, long[] shape, byte[] bytes) {
    this.type = type;
    this.shape = shape.clone();
    this.bytes = bytes;
    long expected = elements() * bytesPerElement(type);
    if (expected != bytes.length) {
      throw new IllegalArgumentException(
          "tensor of shape "
              + Arrays.toString(shape)
              + ": "
              + bytes.length
              + " bytes (expected: "
              + expected
              + ")");
    }
  }

  /** Single precision; the values are copied. */
  public static Tensor floats(float[] values, long... shape) {
    ByteBuffer buffer = buffer(Math.multiplyExact(values.length, Float.BYTES));
    buffer.asFloatBuffer().put(values);
    return new Tensor(DataType.FLOAT, shape, buffer.array());
  }

  /** Half precision, each value rounded to the nearest; the values are copied. */
  public static Tensor halves(float[] values, long... shape) {
    ByteBuffer buffer = buffer(Math.multiplyExact(values.length, Short.BYTES));
    for (float value : values) {
      buffer.putShort(HalfPrecision.fromFloat(value));
    }
    return new Tensor(DataType.FLOAT16, shape, buffer.array());
  }

  /** Whole numbers of 64 bits; the values are copied. */
  public static Tensor longs(long[] values, long... shape) {
    ByteBuffer buffer = buffer(Math.multiplyExact(values.length, Long.BYTES));
    buffer.asLongBuffer().put(values);
    return new Tensor(DataType.INT64, shape, buffer.array());
  }

  /** Whole numbers of 8 bits; the values are copied. */
  public static Tensor bytes(byte[] values, long... shape) {
    return new Tensor(DataType.INT8, shape, values.clone());
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The type of the elements. */
  public DataType type() {
    return type;
  }

  /** The sizes of the axes; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** The product of the sizes. */
  public long elements() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** Bytes in a file. */
  public long size() {
    return bytes.length;
  }

  /** A copy in single precision, of a single or half precision tensor. */
  public float[] toFloats() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[Math.toIntExact(elements())];
    switch (type) {
      case FLOAT -> buffer.asFloatBuffer().get(values);
      case FLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = HalfPrecision.toFloat(buffer.getShort());
        }
      }
      default -> throw new IllegalStateException("tensor of " + type + " (expected: FLOAT)");
    }
    return values;
  }

  /** Whether type, shape and bytes are equal. */
  public boolean hasSameContent(Tensor other) {
    return type == other.type
        && Arrays.equals(shape, other.shape)
        && Arrays.equals(bytes, other.bytes);
  }

  /** The same for equal type, shape and content, and else different. */
  String contentKey() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return type + Arrays.toString(shape) + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  /** The content as it lies in a file, without a copy. */
  ByteString content() {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** As the file has it, the content inside; shares the bytes. */
  TensorProto toProto(String name) {
    return header(name).setRawData(content()).build();
  }

  /** Name, type and shape, without the content. */
  TensorProto.Builder header(String name) {
    TensorProto.Builder builder =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long side : shape) {
      builder.addDims(side);
    }
    return builder;
  }

  /** Bytes of one element. */
  public static int bytesPerElement(DataType type) {
    return switch (type) {
      case FLOAT, INT32, UINT32 -> 4;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
      case INT64, UINT64, DOUBLE, COMPLEX64 -> 8;
      case INT8, UINT8, BOOL -> 1;
      default -> throw new IllegalArgumentException("element type: " + type + " has no size");
    };
  }
}
