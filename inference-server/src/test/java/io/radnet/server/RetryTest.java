package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.RadNetClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client whose server says when asking again makes sense. */
final class RetryTest {
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Status status = Status.UNAVAILABLE;
  private volatile String pushback = "";
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
            .addService(
                new RadNetGrpc.RadNetImplBase() {
                  @Override
                  public StreamObserver<ScanRequest> embed(StreamObserver<EmbedResponse> answer) {
                    calls.incrementAndGet();
                    Metadata trailers = new Metadata();
                    trailers.put(
                        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER),
                        pushback);
                    answer.onError(status.asRuntimeException(trailers));
                    return new FakeResponses<>();
                  }
                })
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private long askTwice() {
    long start = System.nanoTime();
    try (RadNetClient client =
        RadNetClient.connect("127.0.0.1:" + server.getPort(), Duration.ofSeconds(30), 2)) {
      assertThatThrownBy(() -> client.embed(sink -> {}, ScanOptions.getDefaultInstance()))
          .isInstanceOf(CallFailedException.class);
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void waitsAsLongAsTheServerSays() {
    status = Status.RESOURCE_EXHAUSTED;
    pushback = "1200";
    assertThat(askTwice()).isGreaterThanOrEqualTo(1200);
    assertThat(calls.get()).isEqualTo(2);
  }

  @Test
  void doesNotAskAgainWhereTheServerSaysSo() {
    pushback = "-1";
    askTwice();
    assertThat(calls.get()).isEqualTo(1);
  }

  @Test
  void ignoresWhatIsNoNumber() {
    pushback = "soon";
    askTwice();
    assertThat(calls.get()).isEqualTo(2);
    status = Status.RESOURCE_EXHAUSTED;
    askTwice();
    assertThat(calls.get()).isEqualTo(3);
  }
}
