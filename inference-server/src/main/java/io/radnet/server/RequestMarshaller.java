package io.radnet.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.radnet.proto.inference.ModelInferRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads large requests into direct memory of a {@link RequestMemory}, once: the raw tensors of the
 * message are views of it, and the first of them lies on a boundary of 64 bytes, so that a session
 * reads it where it is. Small requests go the usual way.
 */
final class RequestMarshaller implements PrototypeMarshaller<ModelInferRequest> {
  private static final int LARGE = 64 << 10;
  private static final int ALIGNMENT = 64;

  private final PrototypeMarshaller<ModelInferRequest> usual =
      (PrototypeMarshaller<ModelInferRequest>)
          ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance());

  private final RequestMemory memory;

  RequestMarshaller(RequestMemory memory) {
    this.memory = memory;
  }

  @Override
  public InputStream stream(ModelInferRequest request) {
    return usual.stream(request);
  }

  @Override
  public ModelInferRequest getMessagePrototype() {
    return usual.getMessagePrototype();
  }

  @Override
  public Class<ModelInferRequest> getMessageClass() {
    return usual.getMessageClass();
  }

  @Override
  public ModelInferRequest parse(InputStream stream) {
    try {
      // What is known to be there has passed the limit on messages; a compressed one has not yet.
      if (stream instanceof KnownLength
          && stream.available() >= LARGE
          && stream instanceof HasByteBuffer parts
          && parts.byteBufferSupported()) {
        ByteBuffer taken = memory.take(stream.available() + 2 * ALIGNMENT);
        CodedInputStream in =
            UnsafeByteOperations.unsafeWrap(read(stream, parts, taken)).newCodedInput();
        in.enableAliasing(true);
        ModelInferRequest request = ModelInferRequest.parser().parseFrom(in);
        in.checkLastTagWas(0);
        memory.lend(request, taken);
        return request;
      }
    } catch (IOException malformed) {
      throw Status.INTERNAL
          .withDescription("Invalid protobuf byte sequence")
          .withCause(malformed)
          .asRuntimeException();
    }
    return usual.parse(stream);
  }

  private static ByteBuffer read(InputStream stream, HasByteBuffer parts, ByteBuffer memory)
      throws IOException {
    int size = stream.available();
    int ahead = tensorOffset(parts.getByteBuffer());
    int start = ALIGNMENT - Math.floorMod(memory.alignmentOffset(0, ALIGNMENT) + ahead, ALIGNMENT);
    memory.limit(start + size).position(start);
    for (ByteBuffer part = parts.getByteBuffer(); part != null; part = parts.getByteBuffer()) {
      int length = part.remaining();
      memory.put(part);
      stream.skipNBytes(length);
    }
    if (memory.hasRemaining()) {
      throw new InvalidProtocolBufferException("the message ends before its length");
    }
    return memory.flip().position(start).slice();
  }

  /** Where the first raw tensor begins; 0 where the message's first part does not say. */
  private static int tensorOffset(@Nullable ByteBuffer first) throws IOException {
    if (first == null) {
      return 0;
    }
    CodedInputStream in = CodedInputStream.newInstance(first.duplicate());
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag)
            == ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER) {
          in.readUInt32();
          return in.getTotalBytesRead();
        }
        if (!in.skipField(tag)) {
          return 0;
        }
      }
    } catch (InvalidProtocolBufferException cut) {
      // The part ends inside a field, or all of it is malformed; the parser says so then.
      return 0;
    }
    return 0;
  }
}
