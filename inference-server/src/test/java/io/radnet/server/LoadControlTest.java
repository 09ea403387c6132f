package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.RepositoryModelLoadRequest;
import io.radnet.proto.inference.RepositoryModelUnloadRequest;
import io.radnet.proto.inference.ServerReadyRequest;
import io.radnet.server.model.LoadControl;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that decide themselves what they serve, and one that is told later. {@link HotSwapTest}
 * has those that are told at once.
 */
final class LoadControlTest {
  private static void assertUnavailable(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining(message)
        .extracting(failure -> Status.fromThrowable(failure).getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @ParameterizedTest
  @EnumSource(
      value = LoadControl.class,
      names = {"NONE", "POLL"})
  void nothingIsLoadedOrUnloadedOnRequest(LoadControl control, @TempDir Path models)
      throws Exception {
    TestModels.labels(models, "labels", 1, 1);
    String message =
        "'load: explicit' (this one has 'load: " + control.name().toLowerCase(Locale.ROOT) + "')";
    try (RadNetServer server =
        RadNetServer.start(ServerConfig.of(models).withLoadControl(control, List.of()))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      try {
        GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub =
            GRPCInferenceServiceGrpc.newBlockingStub(channel);
        for (String name : List.of("labels", "unknown")) {
          assertUnavailable(
              () ->
                  stub.repositoryModelLoad(
                      RepositoryModelLoadRequest.newBuilder().setModelName(name).build()),
              message);
          assertUnavailable(
              () ->
                  stub.repositoryModelUnload(
                      RepositoryModelUnloadRequest.newBuilder().setModelName(name).build()),
              message);
          for (String what : List.of("load", "unload")) {
            HttpResponse<String> answer = post(server, name + "/" + what);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("load: explicit");
          }
        }
        HttpResponse<String> ready =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(address(server, "/v2/models/labels/ready")).build(),
                    HttpResponse.BodyHandlers.ofString());
        assertThat(ready.statusCode()).isEqualTo(200);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** A readiness probe must not keep a server away from those who would load its first model. */
  @Test
  void aServerThatStartsWithoutModelsIsReady(@TempDir Path models) throws Exception {
    TestModels.labels(models, "labels", 1, 1);
    try (RadNetServer server =
        RadNetServer.start(
            ServerConfig.of(models).withLoadControl(LoadControl.EXPLICIT, List.of()))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      try {
        assertThat(
                GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .serverReady(ServerReadyRequest.getDefaultInstance())
                    .getReady())
            .isTrue();
        assertThat(
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(address(server, "/v2/health/ready")).build(),
                        HttpResponse.BodyHandlers.discarding())
                    .statusCode())
            .isEqualTo(200);
        assertThat(
                HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus())
            .isEqualTo(ServingStatus.SERVING);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static URI address(RadNetServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.httpPort() + path);
  }

  private static HttpResponse<String> post(RadNetServer server, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address(server, "/v2/repository/models/" + path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
