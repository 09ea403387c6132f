package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.proto.v1.SegmentResponse;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short call beside a long one. */
final class FairnessTest {
  private static final class LongCall implements StreamObserver<SegmentResponse> {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void onNext(SegmentResponse part) {
      begun.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }

  private static ScanSource cube(int side) {
    Geometry grid = Geometry.axisAligned(side, side, side, 1, 1, 1);
    return new ScanSource.InMemory(Volume.of(grid, new float[side * side * side]));
  }

  /** The long scan has tens of thousands of windows: seconds of work for the only thread. */
  @Test
  void anEmbeddingDoesNotWaitForASegmentation(@TempDir Path repository) throws Exception {
    TestModels.threshold(repository, "bright", 1);
    TestModels.labels(repository, "labels", 1, 1);
    RadNetServer server = RadNetServer.start(ServerConfig.of(repository).withWork(1, 64 << 20));
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    try (RadNetClient client =
        RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofMinutes(2), 1)) {
      LongCall segmentation = new LongCall();
      StreamObserver<ScanRequest> parts = RadNetGrpc.newStub(channel).segment(segmentation);
      parts.onNext(
          ScanRequest.newBuilder()
              .setOptions(
                  ScanOptions.newBuilder()
                      .setSegment(SegmentOptions.newBuilder().setMirror(true).setOverlap(0.75)))
              .build());
      cube(100).send(parts::onNext);
      parts.onCompleted();
      assertThat(segmentation.begun.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(client.embed(cube(10), ScanOptions.getDefaultInstance()).getEmbeddingCount())
          .isEqualTo(3);
      assertThat(segmentation.ended.getCount()).isEqualTo(1);
      parts.onError(Status.CANCELLED.asException());
    } finally {
      channel.shutdownNow();
      server.close();
    }
  }
}
