package io.radnet.exporter.graph;

import com.google.protobuf.ByteString;
import io.radnet.proto.onnx.AttributeProto;
import io.radnet.proto.onnx.AttributeProto.AttributeType;
import io.radnet.proto.onnx.NodeProto;
import java.util.Optional;

/** Named constants of a node. */
public final class Attributes {
  private Attributes() {}

  /** A list of whole numbers, such as a kernel's shape. */
  public static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder builder = named(name, AttributeType.INTS);
    for (long value : values) {
      builder.addInts(value);
    }
    return builder.build();
  }

  /** A whole number. */
  public static AttributeProto integer(String name, long value) {
    return named(name, AttributeType.INT).setI(value).build();
  }

  /** A number. */
  public static AttributeProto real(String name, float value) {
    return named(name, AttributeType.FLOAT).setF(value).build();
  }

  /** A word, such as a mode. */
  public static AttributeProto text(String name, String value) {
    return named(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
  }

  /** The attribute of {@code node}, where it has one of that name. */
  public static Optional<AttributeProto> of(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  /**
   * The whole number of {@code node}, or what the operator's definition says where it is absent.
   */
  public static long integer(NodeProto node, String name, long otherwise) {
    return of(node, name).map(AttributeProto::getI).orElse(otherwise);
  }

  /** The whole numbers of {@code node}, or what the operator's definition says where absent. */
  public static long[] integers(NodeProto node, String name, long[] otherwise) {
    return of(node, name)
        .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray())
        .orElse(otherwise);
  }

  private static AttributeProto.Builder named(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
