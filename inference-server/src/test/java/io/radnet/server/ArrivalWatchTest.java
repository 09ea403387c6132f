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
import io.radnet.proto.inference.ModelStreamInferResponse;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                .withWork(2, 1 << 20)
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

  /** A connection as bytes, since a client of gRPC sends no half messages. */
  private static final class Raw implements AutoCloseable {
    private static final int HEADERS_AND_END = 1 | 256;
    private static final int GO_AWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    Raw(RadNetServer server) throws IOException {
      socket = new Socket("127.0.0.1", server.grpcPort());
      socket.setSoTimeout(30_000);
      out = new DataOutputStream(socket.getOutputStream());
      in = new DataInputStream(socket.getInputStream());
      out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      frame(out, 4, 0, 0, new byte[0]);
      await(WINDOW_UPDATE);
      // The server's larger windows hold once the client has agreed.
      frame(out, 4, 1, 0, new byte[0]);
    }

    /** Begins a call and a message of a million bytes, of which so many come. */
    void begin(int stream, String method, int bytes) throws IOException {
      frame(
          out,
          1,
          4,
          stream,
          fields(
              ":method", "POST",
              ":scheme", "http",
              ":path", "/inference.GRPCInferenceService/" + method,
              ":authority", "localhost",
              "content-type", "application/grpc",
              "te", "trailers"));
      byte[] begun = new byte[5 + Math.min(bytes, 16_000)];
      begun[2] = 15;
      begun[3] = 66;
      begun[4] = 64;
      frame(out, 0, 0, stream, begun);
      for (int left = bytes - 16_000; left > 0; left -= 16_000) {
        frame(out, 0, 0, stream, new byte[Math.min(left, 16_000)]);
      }
    }

    /** Waits until the server ends a call, and tells which. */
    int ended() throws IOException {
      return await(HEADERS_AND_END);
    }

    /** Reads until a frame of this type, with the flag of the end at 256, and tells its stream. */
    private int await(int wanted) throws IOException {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int end = (in.readUnsignedByte() & 1) << 8;
        int stream = in.readInt();
        in.skipNBytes(length);
        assertThat(type).isNotEqualTo(GO_AWAY);
        if ((type | end) == wanted) {
          return stream;
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ModelInfer", "ModelStreamInfer"})
  void halfARequestIsGivenUp(String method) throws Exception {
    RadNetServer server = start(Duration.ofSeconds(1));
    try (Raw connection = new Raw(server)) {
      connection.begin(1, method, 1000);
      assertThat(connection.ended()).isEqualTo(1);
    }
    assertThat(gauge(server, "radnet_arriving_bytes")).isZero();
    assertThat(live(connect(server))).isTrue();
  }

  /** The queue of {@link #start} takes a MiB, and so does what is on its way to it. */
  @ParameterizedTest
  @ValueSource(strings = {"ModelInfer", "ModelStreamInfer"})
  void theRequestThatBeganLastGivesWay(String method) throws Exception {
    RadNetServer server = start(Duration.ofMinutes(5));
    try (Raw connection = new Raw(server)) {
      connection.begin(1, method, 400_000);
      connection.begin(3, method, 400_000);
      connection.begin(5, method, 400_000);
      assertThat(connection.ended()).isEqualTo(5);
      await(server, "radnet_arriving_bytes", 800_000);
      assertThat(live(connect(server))).isTrue();
    }
    await(server, "radnet_arriving_bytes", 0);
  }

  @Test
  void aStreamMayBeSilentBetweenTwoRequests() throws Exception {
    RadNetServer server = start(Duration.ofSeconds(1));
    Ending<ModelStreamInferResponse> answers = new Ending<>();
    StreamObserver<ModelInferRequest> stream =
        GRPCInferenceServiceGrpc.newStub(connect(server)).modelStreamInfer(answers);
    ModelInferRequest request = ModelInferRequest.newBuilder().setModelName("sum").build();
    stream.onNext(request);
    Thread.sleep(2500);
    stream.onNext(request);
    stream.onCompleted();
    assertThat(answers.status.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    assertThat(gauge(server, "radnet_arriving_bytes")).isZero();
  }

  private static void await(RadNetServer server, String gauge, int value) throws Exception {
    for (int n = 0; n < 300 && gauge(server, gauge) != value; n++) {
      Thread.sleep(100);
    }
    assertThat(gauge(server, gauge)).isEqualTo(value);
  }

  private static int gauge(RadNetServer server, String name) throws Exception {
    String page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return page.lines()
        .filter(line -> line.startsWith(name + " "))
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
    await(server, "radnet_calls_under_way", GrpcEndpoint.MOST_CALLS);
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
