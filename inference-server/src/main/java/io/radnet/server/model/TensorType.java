package io.radnet.server.model;

import ai.djl.ndarray.types.DataType;
import org.jspecify.annotations.Nullable;

/** The element types that travel over the Open Inference Protocol and through a session. */
public enum TensorType {
  /** One byte, 0 or 1. */
  BOOL(1, 9, DataType.BOOLEAN, io.radnet.proto.inference.DataType.TYPE_BOOL),
  /** Unsigned 8 bit. */
  UINT8(1, 2, DataType.UINT8, io.radnet.proto.inference.DataType.TYPE_UINT8),
  /** Unsigned 16 bit. */
  UINT16(2, 4, DataType.INT32, io.radnet.proto.inference.DataType.TYPE_UINT16),
  /** Unsigned 32 bit. */
  UINT32(4, 12, DataType.INT32, io.radnet.proto.inference.DataType.TYPE_UINT32),
  /** Unsigned 64 bit. */
  UINT64(8, 13, DataType.INT64, io.radnet.proto.inference.DataType.TYPE_UINT64),
  /** Signed 8 bit. */
  INT8(1, 3, DataType.INT8, io.radnet.proto.inference.DataType.TYPE_INT8),
  /** Signed 16 bit. */
  INT16(2, 5, DataType.INT32, io.radnet.proto.inference.DataType.TYPE_INT16),
  /** Signed 32 bit. */
  INT32(4, 6, DataType.INT32, io.radnet.proto.inference.DataType.TYPE_INT32),
  /** Signed 64 bit. */
  INT64(8, 7, DataType.INT64, io.radnet.proto.inference.DataType.TYPE_INT64),
  /** IEEE half precision; raw only. */
  FP16(2, 10, DataType.FLOAT16, io.radnet.proto.inference.DataType.TYPE_FP16),
  /** The upper half of single precision; raw only. */
  BF16(2, 16, DataType.BFLOAT16, io.radnet.proto.inference.DataType.TYPE_BF16),
  /** Single precision. */
  FP32(4, 1, DataType.FLOAT32, io.radnet.proto.inference.DataType.TYPE_FP32),
  /** Double precision. */
  FP64(8, 11, DataType.FLOAT64, io.radnet.proto.inference.DataType.TYPE_FP64);

  private final int bytes;
  private final int onnx;
  private final DataType djl;
  private final io.radnet.proto.inference.DataType config;

  TensorType(int bytes, int onnx, DataType djl, io.radnet.proto.inference.DataType config) {
    this.bytes = bytes;
    this.onnx = onnx;
    this.djl = djl;
    this.config = config;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** The number in ONNX's TensorProto.DataType. */
  int onnx() {
    return onnx;
  }

  /** As what DJL hands the values to ONNX Runtime. */
  DataType djl() {
    return djl;
  }

  /** Whether DJL hands the type over itself; others go through an {@link IntegerCast}. */
  boolean direct() {
    return switch (this) {
      case INT16, UINT16, UINT32, UINT64 -> false;
      default -> true;
    };
  }

  /** The name in a model configuration. */
  public io.radnet.proto.inference.DataType config() {
    return config;
  }

  /** The type with this name in the protocol, or null. */
  public static @Nullable TensorType named(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** The type with this number in ONNX's TensorProto.DataType, or null. */
  static @Nullable TensorType ofOnnx(int number) {
    for (TensorType type : values()) {
      if (type.onnx == number) {
        return type;
      }
    }
    return null;
  }
}
