package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that shares no generated class with the server: it writes and reads the fields by the
 * numbers of the published protocol (github.com/kserve/open-inference-protocol).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PublicProtocolTest {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        }
      };

  private RadNetServer server;
  private ManagedChannel channel;

  @BeforeAll
  void start(@TempDir Path repository) throws IOException {
    TestModels.labels(repository, "labels", 1, 1);
    server = RadNetServer.start(ServerConfig.of(repository).withPorts(0, -1, -1));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
  }

  @AfterAll
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private byte[] call(String method, byte[] request) {
    return ClientCalls.blockingUnaryCall(
        channel,
        MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("inference.GRPCInferenceService/" + method)
            .build(),
        CallOptions.DEFAULT,
        request);
  }

  /** One message, field by field. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    Message text(int field, String value) throws IOException {
      out.writeString(field, value);
      return this;
    }

    Message bytes(int field, byte[] value) throws IOException {
      out.writeByteArray(field, value);
      return this;
    }

    Message packed(int field, long... values) throws IOException {
      ByteArrayOutputStream inner = new ByteArrayOutputStream();
      CodedOutputStream list = CodedOutputStream.newInstance(inner);
      for (long value : values) {
        list.writeInt64NoTag(value);
      }
      list.flush();
      return bytes(field, inner.toByteArray());
    }

    byte[] done() throws IOException {
      out.flush();
      return bytes.toByteArray();
    }
  }

  /** The length-delimited fields of a message by number; others as text of their number. */
  private record Fields(Map<Integer, List<ByteString>> byNumber) {
    List<ByteString> get(int number) {
      return byNumber.getOrDefault(number, List.of());
    }
  }

  private static Fields fields(byte[] message) throws IOException {
    Map<Integer, List<ByteString>> fields = new TreeMap<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      ByteString value =
          WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
              ? in.readBytes()
              : ByteString.copyFromUtf8(Long.toString(in.readInt64()));
      fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), n -> new ArrayList<>()).add(value);
    }
    return new Fields(fields);
  }

  private static byte[] input(String name, String datatype, long... shape) throws IOException {
    return new Message().text(1, name).text(2, datatype).packed(3, shape).done();
  }

  private static byte[] infer(String model, String version, byte[] input, int rawBytes)
      throws IOException {
    return new Message()
        .text(1, model)
        .text(2, version)
        .text(3, "seven")
        .bytes(5, input)
        .bytes(7, new byte[rawBytes])
        .done();
  }

  private Status failure(byte[] request) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> call("ModelInfer", request));
    assertThat(failure).isNotNull();
    return failure.getStatus();
  }

  @Test
  void isAnsweredByTheNumbersOfTheProtocol() throws IOException {
    byte[] good = input("volume", "FP32", 1, 1, 8, 8, 8);
    Fields answer = fields(call("ModelInfer", infer("labels", "1", good, 2048)));
    assertThat(answer.get(1).get(0).toStringUtf8()).isEqualTo("labels");
    assertThat(answer.get(2).get(0).toStringUtf8()).isEqualTo("1");
    assertThat(answer.get(3).get(0).toStringUtf8()).isEqualTo("seven");
    assertThat(answer.get(5)).hasSize(4);
    assertThat(answer.get(6)).hasSize(4);
    Fields output = fields(answer.get(5).get(0).toByteArray());
    assertThat(output.get(1).get(0).toStringUtf8()).isEqualTo("embedding");
    assertThat(output.get(2).get(0).toStringUtf8()).isEqualTo("FP32");
    assertThat(output.get(3).get(0).toByteArray()).containsExactly(1, 3);
    assertThat(output.get(5)).isEmpty();
    assertThat(answer.get(6).get(0).size()).isEqualTo(3 * Float.BYTES);
  }

  @Test
  void isToldWhatIsThere() throws IOException {
    assertThat(fields(call("ServerLive", new byte[0])).get(1).get(0).toStringUtf8()).isEqualTo("1");
    assertThat(fields(call("ServerReady", new byte[0])).get(1).get(0).toStringUtf8())
        .isEqualTo("1");
    byte[] name = new Message().text(1, "labels").done();
    assertThat(fields(call("ModelReady", name)).get(1).get(0).toStringUtf8()).isEqualTo("1");
    Fields model = fields(call("ModelMetadata", name));
    assertThat(model.get(1).get(0).toStringUtf8()).isEqualTo("labels");
    assertThat(model.get(2).get(0).toStringUtf8()).isEqualTo("1");
    assertThat(fields(model.get(4).get(0).toByteArray()).get(1).get(0).toStringUtf8())
        .isEqualTo("volume");
    assertThat(model.get(5)).hasSize(4);
  }

  @Test
  void isRefusedWithTheRightCode() throws IOException {
    byte[] good = input("volume", "FP32", 1, 1, 8, 8, 8);
    assertThat(failure(infer("heart", "", good, 2048)).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(failure(infer("labels", "2", good, 2048)).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    refused(infer("labels", "1", input("image", "FP32", 1, 1, 8, 8, 8), 2048), "input image");
    refused(infer("labels", "1", input("volume", "FP64", 1, 1, 8, 8, 8), 4096), "datatype FP64");
    refused(infer("labels", "1", input("volume", "float", 1, 1, 8, 8, 8), 2048), "datatype float");
    refused(infer("labels", "1", good, 2047), "2047 raw bytes (expected: 2048");
    refused(infer("labels", "1", good, 0), "0 raw bytes (expected: 2048");
    refused(infer("labels", "1", input("volume", "FP32", 1, 8, 8, 8), 2048), "shape [1, 8, 8, 8]");
    refused(
        infer("labels", "1", input("volume", "FP32", -1, 1, 8, 8, 8), 2048),
        "batch -1 (expected: 1 to 4)");
    byte[] unknownOutput =
        new Message()
            .text(1, "labels")
            .bytes(5, good)
            .bytes(6, new Message().text(1, "mask").done())
            .bytes(7, new byte[2048])
            .done();
    refused(unknownOutput, "output mask: unknown");
    isAnsweredByTheNumbersOfTheProtocol();
  }

  private void refused(byte[] request, String words) {
    Status status = failure(request);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains(words);
  }
}
