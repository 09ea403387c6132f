package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.proto.inference.ServerLiveRequest;
import io.radnet.proto.inference.ServerLiveResponse;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.scan.ScanLimits;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls whose one request does not arrive, and more calls than a connection may have. */
final class ArrivalWatchTest {
  /** The call of one request, so that a client can leave it out or not say that it was all. */
  private static final MethodDescriptor<ModelInferRequest, ModelInferResponse> INFER =
      GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder()
          .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
          .build();

  @TempDir private Path models;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private RadNetServer start(Duration stall) throws IOException {
    TestModels.sum(models, "sum");
    RadNetServer server =
        RadNetServer.start(
            ServerConfig.of(models)
                .withDrain(Duration.ZERO)
                .withLimits(
                    new ScanLimits(1 << 20, 64 << 20, 8, 10, stall), new QueueLimits(8, 1 << 20)));
    opened.add(server);
    return server;
  }

  private ManagedChannel connect(RadNetServer server) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    opened.add(0, channel::shutdownNow);
    return channel;
  }

  private static boolean live(ManagedChannel channel) {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .serverLive(ServerLiveRequest.getDefaultInstance())
        .getLive();
  }

  private static StreamObserver<ModelInferRequest> infer(
      ManagedChannel channel, Ending<ModelInferResponse> ending) {
    return ClientCalls.asyncClientStreamingCall(
        channel.newCall(INFER, CallOptions.DEFAULT), ending);
  }

  @Test
  void aRequestThatDoesNotComeOrDoesNotEndIsGivenUp() throws Exception {
    ManagedChannel channel = connect(start(Duration.ofSeconds(1)));
    Ending<ModelInferResponse> none = new Ending<>();
    infer(channel, none);
    Ending<ModelInferResponse> open = new Ending<>();
    infer(channel, open).onNext(ModelInferRequest.newBuilder().setModelName("sum").build());
    for (Ending<ModelInferResponse> each : List.of(none, open)) {
      Status status = each.status.get(30, TimeUnit.SECONDS);
      assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(status.getDescription()).isEqualTo("nothing of the request for 1 s");
    }
    Ending<ModelInferResponse> whole = new Ending<>();
    StreamObserver<ModelInferRequest> call = infer(channel, whole);
    call.onNext(ModelInferRequest.newBuilder().setModelName("sum").build());
    call.onCompleted();
    Status status = whole.status.get(30, TimeUnit.SECONDS);
    assertThat(status.getDescription()).isEqualTo("input a: missing");
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] content)
      throws IOException {
    out.writeByte(content.length >> 16);
    out.writeShort(content.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(content);
  }

  /** Header fields as HTTP/2 has them where they are neither packed nor remembered. */
  private static byte[] fields(String... namesAndValues) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int n = 0; n < namesAndValues.length; n++) {
      if (n % 2 == 0) {
        bytes.write(0);
      }
      bytes.write(namesAndValues[n].length());
      bytes.write(namesAndValues[n].getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  @Test
  void halfARequestIsGivenUp() throws Exception {
    RadNetServer server = start(Duration.ofSeconds(1));
    try (Socket socket = new Socket("127.0.0.1", server.grpcPort())) {
      socket.setSoTimeout(30_000);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      frame(out, 4, 0, 0, new byte[0]);
      frame(
          out,
          1,
          4,
          1,
          fields(
              ":method", "POST",
              ":scheme", "http",
              ":path", "/inference.GRPCInferenceService/ModelInfer",
              ":authority", "localhost",
              "content-type", "application/grpc",
              "te", "trailers"));
      // A message of a million bytes begins, and a thousand of them come.
      byte[] begun = new byte[1000];
      begun[2] = 15;
      begun[3] = 66;
      begun[4] = 64;
      frame(out, 0, 0, 1, begun);
      bytes.writeTo(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      boolean ended = false;
      while (!ended) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        boolean last = (in.readUnsignedByte() & 1) == 1;
        int stream = in.readInt();
        in.skipNBytes(length);
        ended = type == 1 && stream == 1 && last;
      }
    }
  }

  private static int callsUnderWay(RadNetServer server) throws Exception {
    String page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return page.lines()
        .filter(line -> line.startsWith("radnet_calls_under_way "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aConnectionHasSoManyCallsAndTheNextWaitsWithItsClient() throws Exception {
    RadNetServer server = start(Duration.ofMinutes(5));
    ManagedChannel channel = connect(server);
    assertThat(live(channel)).isTrue();
    List<StreamObserver<ModelInferRequest>> calls = new ArrayList<>();
    for (int n = 0; n < GrpcEndpoint.MOST_CALLS; n++) {
      calls.add(infer(channel, new Ending<>()));
    }
    for (int n = 0; n < 300 && callsUnderWay(server) < GrpcEndpoint.MOST_CALLS; n++) {
      Thread.sleep(100);
    }
    assertThat(callsUnderWay(server)).isEqualTo(GrpcEndpoint.MOST_CALLS);
    Future<ServerLiveResponse> next =
        GRPCInferenceServiceGrpc.newFutureStub(channel)
            .serverLive(ServerLiveRequest.getDefaultInstance());
    assertThat(live(connect(server))).isTrue();
    assertThatThrownBy(() -> next.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    calls.get(0).onNext(ModelInferRequest.newBuilder().setModelName("sum").build());
    calls.get(0).onCompleted();
    assertThat(next.get(30, TimeUnit.SECONDS).getLive()).isTrue();
  }
}
