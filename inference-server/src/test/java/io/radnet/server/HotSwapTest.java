package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.proto.inference.ModelReadyRequest;
import io.radnet.proto.inference.RepositoryIndexRequest;
import io.radnet.proto.inference.RepositoryIndexResponse;
import io.radnet.proto.inference.RepositoryModelLoadRequest;
import io.radnet.proto.inference.RepositoryModelUnloadRequest;
import io.radnet.server.model.LoadControl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading, reloading and unloading under a running server. */
final class HotSwapTest {
  @TempDir private Path repository;
  private RadNetServer server;
  private ManagedChannel channel;
  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    TestModels.labels(repository, "labels", 1, 1);
    server =
        RadNetServer.start(
            ServerConfig.of(repository)
                .withPorts(0, -1, -1)
                .withLoadControl(LoadControl.EXPLICIT, List.of("labels")));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private ModelInferRequest request() {
    ByteBuffer ones = ByteBuffer.allocate(4 * 512).order(ByteOrder.LITTLE_ENDIAN);
    while (ones.hasRemaining()) {
      ones.putFloat(1);
    }
    return ModelInferRequest.newBuilder()
        .setModelName("labels")
        .addInputs(
            ModelInferRequest.InferInputTensor.newBuilder()
                .setName("volume")
                .setDatatype("FP32")
                .addAllShape(List.of(1L, 1L, 8L, 8L, 8L)))
        .addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("embedding"))
        .addRawInputContents(ByteString.copyFrom(ones.flip()))
        .build();
  }

  private static float first(ModelInferResponse response) {
    return response
        .getRawOutputContents(0)
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getFloat();
  }

  private void load() {
    stub.repositoryModelLoad(
        RepositoryModelLoadRequest.newBuilder().setModelName("labels").build());
  }

  @Test
  void swapsUnderLoadWithoutAFailedRequest() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Integer> load =
        CompletableFuture.supplyAsync(
            () -> {
              int answered = 0;
              while (!stop.get()) {
                ModelInferResponse response = stub.modelInfer(request());
                assertThat(first(response))
                    .isEqualTo(response.getModelVersion().equals("1") ? 1f : 5f);
                answered++;
              }
              return answered;
            });
    TestModels.labels(repository, "labels", 2, 5);
    load();
    ModelInferResponse after = stub.modelInfer(request());
    stop.set(true);
    assertThat(load.get()).isPositive();
    assertThat(after.getModelVersion()).isEqualTo("2");
    assertThat(first(after)).isEqualTo(5f);
  }

  @Test
  void keepsTheOldVersionWhereTheNewOneIsBroken() throws IOException {
    Path file = TestModels.labels(repository, "labels", 2, 5);
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(this::load)
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(
            failure ->
                assertThat(Status.fromThrowable(failure).getCode())
                    .isEqualTo(Status.Code.FAILED_PRECONDITION))
        .hasMessageContaining("model.onnx");
    assertThat(first(stub.modelInfer(request()))).isEqualTo(1f);
    RepositoryIndexResponse index =
        stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance());
    assertThat(index.getModels(0).getState()).isEqualTo("READY");
    assertThat(index.getModels(0).getReason()).contains("model.onnx");
  }

  /** Where the repository lies on the server is nothing that a caller needs. */
  @Test
  void aLoadThatFailsDoesNotTellWhereTheRepositoryLies() throws IOException {
    Path file = TestModels.labels(repository, "other", 3, 5);
    byte[] whole = Files.readAllBytes(file);
    for (byte[] broken : List.of(new byte[] {1, 2, 3}, Arrays.copyOf(whole, whole.length - 40))) {
      Files.write(file, broken);
      List<String> told = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  stub.repositoryModelLoad(
                      RepositoryModelLoadRequest.newBuilder().setModelName("other").build()))
          .satisfies(failure -> told.add(failure.getMessage()));
      assertThatThrownBy(() -> stub.modelInfer(request().toBuilder().setModelName("other").build()))
          .satisfies(failure -> told.add(failure.getMessage()));
      stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
          .getModelsList()
          .forEach(each -> told.add(each.getReason()));
      assertThat(told).filteredOn(text -> text.contains("other/3/model.onnx")).hasSize(3);
      assertThat(told).noneMatch(text -> text.contains(repository.getFileName().toString()));
    }
  }

  @Test
  void refusesAFileThatWasDamagedOnDisk() throws IOException {
    Path file = TestModels.labels(repository, "labels", 2, 5);
    byte[] whole = Files.readAllBytes(file);
    Files.writeString(file.resolveSibling("model.onnx.sha256"), "0".repeat(64) + "  model.onnx\n");
    assertThatThrownBy(this::load)
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("export the model again");
    Files.delete(file.resolveSibling("model.onnx.sha256"));
    Files.write(file, Arrays.copyOf(whole, whole.length - 40));
    assertThatThrownBy(this::load).hasMessageContaining("FAILED_PRECONDITION");
    assertThat(first(stub.modelInfer(request()))).isEqualTo(1f);
    Files.write(file, whole);
    load();
    assertThat(first(stub.modelInfer(request()))).isEqualTo(5f);
  }

  @Test
  void unloadsAndLoadsAgain() {
    stub.repositoryModelUnload(
        RepositoryModelUnloadRequest.newBuilder().setModelName("labels").build());
    assertThatThrownBy(() -> stub.modelInfer(request()))
        .satisfies(
            failure ->
                assertThat(Status.fromThrowable(failure).getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE));
    assertThat(stub.modelReady(ModelReadyRequest.newBuilder().setName("labels").build()).getReady())
        .isFalse();
    load();
    assertThat(first(stub.modelInfer(request()))).isEqualTo(1f);
  }

  @Test
  void refusesToLeaveTheRepository() {
    assertThatThrownBy(
            () ->
                stub.repositoryModelLoad(
                    RepositoryModelLoadRequest.newBuilder().setModelName("../labels").build()))
        .satisfies(
            failure ->
                assertThat(Status.fromThrowable(failure).getCode())
                    .isEqualTo(Status.Code.NOT_FOUND));
  }
}
