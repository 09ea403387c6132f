package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.InferParameter;
import io.radnet.proto.inference.InferTensorContents;
import io.radnet.proto.inference.ModelConfigRequest;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.proto.inference.ModelMetadataRequest;
import io.radnet.proto.inference.ModelMetadataResponse;
import io.radnet.proto.inference.ModelReadyRequest;
import io.radnet.proto.inference.ModelStatisticsRequest;
import io.radnet.proto.inference.ModelStreamInferResponse;
import io.radnet.proto.inference.ServerLiveRequest;
import io.radnet.proto.inference.ServerMetadataRequest;
import io.radnet.proto.inference.ServerReadyRequest;
import io.radnet.proto.onnx.TensorProto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Open Inference Protocol against a real server with real sessions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InferenceServiceTest {
  private static final int VOXELS = 8 * 8 * 8;

  /** Those that DJL does not hand to ONNX Runtime. */
  private static final List<TensorProto.DataType> INTEGERS =
      List.of(
          TensorProto.DataType.INT16,
          TensorProto.DataType.UINT16,
          TensorProto.DataType.UINT32,
          TensorProto.DataType.UINT64);

  private RadNetServer server;
  private ManagedChannel channel;
  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub;

  @BeforeAll
  void start(@TempDir Path repository) throws IOException {
    TestModels.labels(repository, "labels", 1, 1);
    TestModels.identity(repository, "half", TensorProto.DataType.FLOAT16_VALUE);
    TestModels.identity(repository, "bytes", TensorProto.DataType.UINT8_VALUE);
    for (TensorProto.DataType type : INTEGERS) {
      TestModels.identity(repository, type.name(), type.getNumber());
    }
    TestModels.sum(repository, "sum");
    server = RadNetServer.start(ServerConfig.of(repository));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterAll
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private static ByteString floats(int count, float value) {
    ByteBuffer buffer = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      buffer.putFloat(value);
    }
    return ByteString.copyFrom(buffer.flip());
  }

  private static ModelInferRequest.InferInputTensor.Builder input(long... shape) {
    ModelInferRequest.InferInputTensor.Builder input =
        ModelInferRequest.InferInputTensor.newBuilder().setName("volume").setDatatype("FP32");
    for (long size : shape) {
      input.addShape(size);
    }
    return input;
  }

  private static ModelInferRequest.Builder raw(float value) {
    return ModelInferRequest.newBuilder()
        .setModelName("labels")
        .setId("request 7")
        .addInputs(input(1, 1, 8, 8, 8))
        .addRawInputContents(floats(VOXELS, value));
  }

  private Status failure(ModelInferRequest request) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub.modelInfer(request));
    assertThat(failure).isNotNull();
    return failure.getStatus();
  }

  private static List<Float> values(ModelInferResponse response, String name) {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      if (response.getOutputs(i).getName().equals(name)) {
        ByteBuffer raw =
            response.getRawOutputContents(i).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Float> values = new java.util.ArrayList<>();
        while (raw.hasRemaining()) {
          values.add(raw.getFloat());
        }
        return values;
      }
    }
    throw new AssertionError("no output " + name);
  }

  @Test
  void inputsOfOneRequestHaveOneBatch() {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("sum");
    request.addInputs(input(2, 4).setName("a")).addRawInputContents(floats(8, 1));
    request.addInputs(input(1, 4).setName("b")).addRawInputContents(floats(4, 1));
    Status status = failure(request.build());
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("input b: batch 1 (expected: 2, as of a)");
  }

  @Test
  void saysWhatItIs() {
    assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("labels").build()).getReady())
        .isTrue();
    assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getExtensionsList())
        .contains("provider:cpu", "binary_tensor_data");
    ModelMetadataResponse metadata =
        stub.modelMetadata(ModelMetadataRequest.newBuilder().setName("labels").build());
    assertThat(metadata.getPlatform()).isEqualTo("onnxruntime_onnx:cpu");
    assertThat(metadata.getVersionsList()).containsExactly("1");
    assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 1L, 8L, 8L, 8L);
    assertThat(metadata.getOutputsList())
        .extracting(ModelMetadataResponse.TensorMetadata::getName)
        .containsExactly("embedding", "modality", "regions", "spacing");
    assertThat(
            stub.modelConfig(ModelConfigRequest.newBuilder().setName("labels").build())
                .getConfig()
                .getInput(0)
                .getDimsList())
        .containsExactly(1L, 8L, 8L, 8L);
  }

  @Test
  void tooLittleMemoryIsAnAnswer() {
    FakeResponses<String> responses = new FakeResponses<>();
    InferenceService.answer(
        responses,
        () -> {
          throw new OutOfMemoryError("test");
        });
    assertThatThrownBy(responses.end::join)
        .hasMessageContaining("RESOURCE_EXHAUSTED: the server has too little memory");
  }

  @Test
  void whatIsUnknownIsNotReady() throws Exception {
    for (String[] each : new String[][] {{"absent", ""}, {"labels", "9"}, {"labels", "first"}}) {
      ModelReadyRequest request =
          ModelReadyRequest.newBuilder().setName(each[0]).setVersion(each[1]).build();
      assertThat(stub.modelReady(request).getReady()).isFalse();
      String version = each[1].isEmpty() ? "" : "/versions/" + each[1];
      URI address =
          URI.create(
              "http://127.0.0.1:%d/v2/models/%s%s/ready"
                  .formatted(server.httpPort(), each[0], version));
      assertThat(
              HttpClient.newHttpClient()
                  .send(
                      HttpRequest.newBuilder(address).build(),
                      HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void answersRawTensorsAndEchoesTheId() {
    ModelInferResponse response = stub.modelInfer(raw(0.25f).build());
    assertThat(response.getId()).isEqualTo("request 7");
    assertThat(response.getModelVersion()).isEqualTo("1");
    assertThat(response.getOutputsList())
        .extracting(ModelInferResponse.InferOutputTensor::getName)
        .containsExactly("embedding", "modality", "regions", "spacing");
    assertThat(response.getOutputsList()).noneMatch(output -> output.hasContents());
    assertThat(values(response, "embedding")).containsExactly(0.25f, 0.5f, -0.25f);
  }

  @Test
  void answersTypedContentsAndSelectedOutputs() {
    ModelInferRequest request =
        raw(0)
            .clearRawInputContents()
            .setInputs(
                0,
                input(1, 1, 8, 8, 8)
                    .setContents(
                        InferTensorContents.newBuilder()
                            .addAllFp32Contents(java.util.Collections.nCopies(VOXELS, 1f))))
            .addOutputs(
                ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("embedding"))
            .build();
    ModelInferResponse response = stub.modelInfer(request);
    assertThat(response.getOutputsCount()).isEqualTo(1);
    assertThat(values(response, "embedding")).containsExactly(1f, 2f, -1f);
  }

  @Test
  void answersABatch() {
    ModelInferRequest request =
        raw(0)
            .setInputs(0, input(2, 1, 8, 8, 8))
            .setRawInputContents(0, floats(VOXELS, 1).concat(floats(VOXELS, 3)))
            .build();
    assertThat(values(stub.modelInfer(request), "embedding"))
        .containsExactly(1f, 2f, -1f, 3f, 6f, -3f);
  }

  @Test
  void refusesWhatBreaksTheRules() {
    assertThat(failure(raw(0).setModelName("liver").build()).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(failure(raw(0).setModelVersion("9").build()).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    Status shape = failure(raw(0).setInputs(0, input(1, 1, 8, 8, 9)).build());
    assertThat(shape.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(shape.getDescription()).contains("[1, 1, 8, 8, 9]", "[-1, 1, 8, 8, 8]");
    Status size = failure(raw(0).setRawInputContents(0, floats(VOXELS - 1, 0)).build());
    assertThat(size.getDescription()).contains("2044 raw bytes (expected: 2048");
    assertThat(failure(raw(0).addRawInputContents(ByteString.EMPTY).build()).getDescription())
        .contains("raw_input_contents: 2");
    assertThat(
            failure(
                    raw(0)
                        .setInputs(
                            0, input(1, 1, 8, 8, 8).setContents(InferTensorContents.newBuilder()))
                        .build())
                .getDescription())
        .contains("both set");
    assertThat(failure(raw(0).clearRawInputContents().build()).getDescription())
        .contains("0 values (expected: 512");
    assertThat(
            failure(raw(0).setInputs(0, input(1, 1, 8, 8, 8).setDatatype("FP64")).build())
                .getDescription())
        .contains("datatype FP64 (expected: FP32)");
    assertThat(
            failure(
                    raw(0)
                        .setInputs(0, input(5, 1, 8, 8, 8))
                        .setRawInputContents(0, floats(5 * VOXELS, 0))
                        .build())
                .getDescription())
        .contains("batch 5 (expected: 1 to 4)");
    assertThat(
            failure(
                    raw(0)
                        .addOutputs(
                            ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                .setName("depth"))
                        .build())
                .getDescription())
        .contains("output depth: unknown");
    assertThat(
            failure(
                    raw(0)
                        .putParameters(
                            "timeout", InferParameter.newBuilder().setStringParam("1").build())
                        .build())
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure(raw(0).clearInputs().clearRawInputContents().build()).getDescription())
        .contains("input volume: missing");
    assertThat(failure(raw(0).setInputs(0, input(Long.MAX_VALUE, 1, 8, 8, 8)).build()).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void carriesHalfPrecisionAsRawBytesOnly() {
    ModelInferRequest.InferInputTensor.Builder x =
        ModelInferRequest.InferInputTensor.newBuilder()
            .setName("x")
            .setDatatype("FP16")
            .addShape(1)
            .addShape(4);
    ByteString bytes = ByteString.copyFrom(new byte[] {0, 0x3c, 0, 0x40, 0, 0, 0, (byte) 0xbc});
    ModelInferResponse response =
        stub.modelInfer(
            ModelInferRequest.newBuilder()
                .setModelName("half")
                .addInputs(x)
                .addRawInputContents(bytes)
                .build());
    assertThat(response.getRawOutputContents(0)).isEqualTo(bytes);
    assertThat(response.getOutputs(0).getDatatype()).isEqualTo("FP16");
    assertThat(
            failure(
                    ModelInferRequest.newBuilder()
                        .setModelName("half")
                        .addInputs(
                            x.setContents(
                                InferTensorContents.newBuilder()
                                    .addAllFp32Contents(List.of(1f, 2f, 0f, -1f))))
                        .build())
                .getDescription())
        .contains("must be sent as raw bytes");
  }

  @Test
  void carriesBytesInBothForms() {
    ModelInferRequest.InferInputTensor.Builder x =
        ModelInferRequest.InferInputTensor.newBuilder()
            .setName("x")
            .setDatatype("UINT8")
            .addShape(1)
            .addShape(4)
            .setContents(
                InferTensorContents.newBuilder().addAllUintContents(List.of(0, 1, 128, 255)));
    ModelInferResponse response =
        stub.modelInfer(ModelInferRequest.newBuilder().setModelName("bytes").addInputs(x).build());
    assertThat(response.getRawOutputContents(0).toByteArray())
        .containsExactly(0, 1, (byte) 128, (byte) 255);
  }

  private static Stream<Arguments> largestIntegers() {
    InferTensorContents.Builder typed = InferTensorContents.newBuilder();
    int high = 0xfffe;
    return Stream.of(
        arguments("INT16", 2, typed.clone().addAllIntContents(List.of(0, 1, -1, -32768))),
        arguments("UINT16", 2, typed.clone().addAllUintContents(List.of(0, 1, high, 1 << 15))),
        arguments("UINT32", 4, typed.clone().addAllUintContents(List.of(0, 1, -2, 1 << 31))),
        arguments("UINT64", 8, typed.clone().addAllUint64Contents(List.of(0L, 1L, -2L, 1L << 63))));
  }

  @ParameterizedTest
  @MethodSource("largestIntegers")
  void carriesIntegersOfOtherWidthsInBothForms(
      String type, int bytes, InferTensorContents.Builder contents) {
    ModelInferRequest.InferInputTensor.Builder x =
        ModelInferRequest.InferInputTensor.newBuilder().setName("x").setDatatype(type);
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(type);
    ModelInferResponse typed =
        stub.modelInfer(
            request
                .clone()
                .addInputs(x.clone().addShape(1).addShape(4).setContents(contents))
                .build());
    assertThat(typed.getOutputs(0).getDatatype()).isEqualTo(type);
    byte[] four = typed.getRawOutputContents(0).toByteArray();
    assertThat(four).hasSize(4 * bytes);
    assertThat(four[bytes]).isEqualTo((byte) 1);
    assertThat(four[2 * bytes]).isEqualTo((byte) (type.equals("INT16") ? -1 : -2));
    assertThat(four[4 * bytes - 1]).isEqualTo((byte) 0x80);
    byte[] random = new byte[40_000 * bytes];
    new java.util.Random(3).nextBytes(random);
    ModelInferResponse raw =
        stub.modelInfer(
            request
                .clone()
                .addInputs(x.clone().addShape(10_000).addShape(4))
                .addRawInputContents(ByteString.copyFrom(random))
                .build());
    assertThat(raw.getRawOutputContents(0).toByteArray()).isEqualTo(random);
  }

  /** Large messages are read into the memory that the session sees, see RequestMarshaller. */
  @Test
  void carriesLargeTensors() {
    byte[] bytes = new byte[4 * 250_000];
    new java.util.Random(3).nextBytes(bytes);
    ModelInferResponse response =
        stub.modelInfer(
            ModelInferRequest.newBuilder()
                .setModelName("bytes")
                .addInputs(
                    ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("UINT8")
                        .addShape(bytes.length / 4)
                        .addShape(4))
                .addRawInputContents(ByteString.copyFrom(bytes))
                .build());
    assertThat(response.getRawOutputContents(0).toByteArray()).isEqualTo(bytes);
  }

  @Test
  void streamsInOrderAndSurvivesABadRequest() throws ExecutionException, InterruptedException {
    List<ModelStreamInferResponse> answers = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    StreamObserver<ModelInferRequest> requests =
        GRPCInferenceServiceGrpc.newStub(channel)
            .modelStreamInfer(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ModelStreamInferResponse answer) {
                    answers.add(answer);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(null);
                  }
                });
    requests.onNext(raw(1).setId("a").build());
    requests.onNext(raw(1).setId("b").setModelName("liver").build());
    requests.onNext(raw(2).setId("c").build());
    requests.onCompleted();
    done.get();
    assertThat(answers)
        .extracting(answer -> answer.getInferResponse().getId())
        .containsExactly("a", "b", "c");
    assertThat(answers.get(1).getErrorMessage()).contains("model liver: unknown");
    assertThat(values(answers.get(2).getInferResponse(), "embedding")).containsExactly(2f, 4f, -2f);
  }

  @Test
  void countsWhatItDid() {
    var request = ModelStatisticsRequest.newBuilder().setName("bytes").build();
    var before = stub.modelStatistics(request).getModelStats(0).getInferenceCount();
    carriesBytesInBothForms();
    var after = stub.modelStatistics(request).getModelStats(0);
    assertThat(after.getInferenceCount()).isEqualTo(before + 1);
    assertThat(after.getInferenceStats().getComputeInfer().getCount()).isPositive();
    assertThat(after.getBatchStats(0).getBatchSize()).isEqualTo(1);
  }
}
