package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferRequest.InferInputTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as the transport hands them over: known in length, in parts. */
final class RequestMarshallerTest {
  private static final class Parts extends ByteArrayInputStream
      implements KnownLength, HasByteBuffer {
    private final int part;

    Parts(byte[] bytes, int part) {
      super(bytes);
      this.part = part;
    }

    @Override
    public boolean byteBufferSupported() {
      return true;
    }

    @Override
    public @Nullable ByteBuffer getByteBuffer() {
      return pos == count
          ? null
          : ByteBuffer.wrap(buf, pos, Math.min(part, count - pos)).slice().asReadOnlyBuffer();
    }
  }

  private static ModelInferRequest request(int size, String name) {
    byte[] values = new byte[size];
    new java.util.Random(1).nextBytes(values);
    return ModelInferRequest.newBuilder()
        .setModelName(name)
        .addInputs(
            InferInputTensor.newBuilder().setName("volume").setDatatype("UINT8").addShape(size))
        .addRawInputContents(ByteString.copyFrom(values))
        .build();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 20, 16_384, 10_000_000})
  void readsEveryRequestAsItWasSent(int part) {
    for (int size : new int[] {0, 100, 65_536, 300_001}) {
      ModelInferRequest request = request(size, "liver");
      assertThat(
              new RequestMarshaller(new RequestMemory())
                  .parse(new Parts(request.toByteArray(), part)))
          .isEqualTo(request);
      assertThat(
              new RequestMarshaller(new RequestMemory())
                  .parse(new ByteArrayInputStream(request.toByteArray())))
          .isEqualTo(request);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"m", "mo", "model", "a model with a long name"})
  void leavesALargeTensorWhereASessionReadsIt(String name) {
    byte[] bytes = request(200_000, name).toByteArray();
    ByteBuffer raw =
        new RequestMarshaller(new RequestMemory())
            .parse(new Parts(bytes, 16_384))
            .getRawInputContents(0)
            .asReadOnlyByteBuffer();
    assertThat(raw.isDirect()).isTrue();
    assertThat(raw.alignmentOffset(0, 64)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 100_000})
  void refusesWhatIsCutOff(int missing) throws IOException {
    byte[] whole = request(200_000, "liver").toByteArray();
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - missing);
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> new RequestMarshaller(new RequestMemory()).parse(new Parts(cut, 16_384)));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void usesMemoryAgainOnceTheRequestIsAnswered() {
    RequestMemory memory = new RequestMemory();
    RequestMarshaller marshaller = new RequestMarshaller(memory);
    byte[] bytes = request(200_000, "liver").toByteArray();
    ModelInferRequest first = marshaller.parse(new Parts(bytes, 16_384));
    ModelInferRequest second = marshaller.parse(new Parts(bytes, 16_384));
    ByteBuffer raw = first.getRawInputContents(0).asReadOnlyByteBuffer();
    memory.release(first);
    memory.release(first);
    // Another message in the same place, which the first one's tensor shows.
    byte[] other = request(200_000, "heart").toByteArray();
    other[other.length - 1] ^= 1;
    ModelInferRequest third = marshaller.parse(new Parts(other, 16_384));
    assertThat(raw).isEqualTo(third.getRawInputContents(0).asReadOnlyByteBuffer());
    assertThat(second).isEqualTo(request(200_000, "liver"));
    assertThat(third.getModelName()).isEqualTo("heart");
  }

  @Test
  void keepsNoMemoryThatIsMuchTooLargeOrTooMuch() {
    RequestMemory memory = new RequestMemory();
    ByteBuffer large = memory.take(64 << 20);
    ModelInferRequest one = request(1, "one");
    memory.lend(one, large);
    ModelInferRequest two = request(2, "two");
    memory.lend(two, memory.take(1 << 20));
    memory.release(one);
    memory.release(two);
    assertThat(memory.take(1 << 20).capacity()).isEqualTo(1 << 20);
    assertThat(memory.take(60 << 20)).isSameAs(large);
    assertThat(memory.take(60 << 20)).isNotSameAs(large);
  }
}
