package io.radnet.server.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.DicomChunk;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.proto.v1.SegmentResponse;
import io.radnet.proto.v1.VoxelType;
import io.radnet.server.TestModels;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that vanish or send rubbish without end, and a server that is killed. */
final class LostClientsTest {
  private static final int SIDE = 64;

  @TempDir private Path folder;

  private ServerProcess start() throws IOException {
    return new ServerProcess(folder, Map.of(), "--repository", folder.resolve("models").toString());
  }

  private static void embeds(String address) throws IOException {
    try (RadNetClient client = RadNetClient.connect(address, Duration.ofSeconds(60), 8)) {
      Volume volume = Volume.of(Geometry.axisAligned(10, 10, 10, 1, 1, 5), new float[1000]);
      assertThat(
              client
                  .embed(new ScanSource.InMemory(volume), ScanOptions.getDefaultInstance())
                  .getEmbeddingCount())
          .isEqualTo(3);
    }
  }

  private static ScanRequest header() {
    return ScanRequest.newBuilder()
        .setRawHeader(
            RawHeader.newBuilder()
                .setType(VoxelType.VOXEL_TYPE_UINT8)
                .setGeometry(
                    io.radnet.proto.v1.Geometry.newBuilder()
                        .setWidth(SIDE)
                        .setHeight(SIDE)
                        .setDepth(SIDE)
                        .addAllAffine(List.of(1d, 0d, 0d, 0d, 0d, 1d, 0d, 0d, 0d, 0d, 1d, 0d))))
        .build();
  }

  private static final class Ending implements StreamObserver<EmbedResponse> {
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    @Override
    public void onNext(EmbedResponse answer) {
      status.complete(Status.OK);
    }

    @Override
    public void onError(Throwable failure) {
      status.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      status.complete(Status.OK);
    }
  }

  private static double metric(ServerProcess server, String name) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics"))
            .build();
    String page =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return page.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is absent"));
  }

  /** Asks until the value is there, at most for half a minute. */
  private static void becomes(ServerProcess server, String name, double value) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    double seen = metric(server, name);
    while (seen != value && System.nanoTime() < deadline) {
      seen = metric(server, name);
    }
    assertThat(seen).as(name).isEqualTo(value);
  }

  private List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("tmp"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void clientsThatVanishLeaveNothingBehind() throws Exception {
    TestModels.labels(folder.resolve("models"), "labels", 1, 1);
    try (ServerProcess server = start()) {
      embeds(server.address());
      vanish(server, 5);
      becomes(server, "radnet_pending_scans", 0);
      List<Path> files = temporaryFiles();
      double threads = metric(server, "jvm_threads_live_threads");

      vanish(server, 50);
      becomes(server, "radnet_pending_scans", 0);
      becomes(server, "radnet_pending_scan_bytes", 0);
      becomes(server, "radnet_calls_under_way", 0);
      assertThat(metric(server, "jvm_threads_live_threads")).isLessThan(threads + 20);
      assertThat(temporaryFiles()).isEqualTo(files);
      embeds(server.address());
    }
  }

  /** Connections that break off in the middle of a scan. */
  private static void vanish(ServerProcess server, int count) throws Exception {
    for (int n = 0; n < count; n++) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      StreamObserver<ScanRequest> requests = RadNetGrpc.newStub(channel).embed(new Ending());
      requests.onNext(header());
      requests.onNext(
          ScanRequest.newBuilder()
              .setRawVoxels(ByteString.copyFrom(new byte[SIDE * SIDE]))
              .build());
      if (n == 0) {
        becomes(server, "radnet_pending_scans", 1);
      }
      channel.shutdownNow();
    }
  }

  /** Tens of thousands of windows: the network is far from done when the client goes. */
  @Test
  void aClientThatVanishesWhileTheNetworkComputesLeavesNothingBehind() throws Exception {
    TestModels.labels(folder.resolve("models"), "labels", 1, 1);
    TestModels.threshold(folder.resolve("models"), "bright", 1);
    try (ServerProcess server = start()) {
      embeds(server.address());
      computeAndVanish(server);
      becomes(server, "radnet_calls_under_way", 0);
      List<Path> files = temporaryFiles();
      double threads = metric(server, "jvm_threads_live_threads");
      for (int n = 0; n < 2; n++) {
        computeAndVanish(server);
      }
      becomes(server, "radnet_pending_scans", 0);
      becomes(server, "radnet_pending_scan_bytes", 0);
      becomes(server, "radnet_calls_under_way", 0);
      assertThat(metric(server, "jvm_threads_live_threads")).isLessThan(threads + 4);
      assertThat(temporaryFiles()).isEqualTo(files);
      assertThat(server.log().lines().filter(line -> line.contains("Segment status=CANCELLED")))
          .hasSize(3);
      embeds(server.address());
    }
  }

  private static void computeAndVanish(ServerProcess server) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    CountDownLatch computing = new CountDownLatch(1);
    StreamObserver<ScanRequest> requests =
        RadNetGrpc.newStub(channel)
            .segment(
                new StreamObserver<>() {
                  @Override
                  public void onNext(SegmentResponse part) {
                    computing.countDown();
                  }

                  @Override
                  public void onError(Throwable failure) {}

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(
        ScanRequest.newBuilder()
            .setOptions(
                ScanOptions.newBuilder()
                    .setSegment(SegmentOptions.newBuilder().setMirror(true).setOverlap(0.75)))
            .build());
    Geometry grid = Geometry.axisAligned(100, 100, 100, 1, 1, 1);
    new ScanSource.InMemory(Volume.of(grid, new float[1_000_000])).send(requests::onNext);
    requests.onCompleted();
    assertThat(computing.await(30, TimeUnit.SECONDS)).isTrue();
    channel.shutdownNow();
  }

  @Test
  void aHundredThousandTinyInstancesAreStopped() throws Exception {
    TestModels.labels(folder.resolve("models"), "labels", 1, 1);
    try (ServerProcess server = start()) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      Ending ending = new Ending();
      StreamObserver<ScanRequest> requests = RadNetGrpc.newStub(channel).embed(ending);
      ScanRequest tiny =
          ScanRequest.newBuilder()
              .setDicom(
                  DicomChunk.newBuilder()
                      .setData(ByteString.copyFromUtf8("x"))
                      .setEndOfInstance(true))
              .build();
      for (int n = 0; n < 100_000 && !ending.status.isDone(); n++) {
        requests.onNext(tiny);
      }
      Status status = ending.status.get();
      assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(status.getDescription()).contains("more than 20000 DICOM");
      channel.shutdownNow();
      embeds(server.address());
    }
  }

  @Test
  void aServerThatWasKilledStartsAgain() throws Exception {
    TestModels.labels(folder.resolve("models"), "labels", 1, 1);
    try (ServerProcess server = start()) {
      vanish(server, 2);
      server.kill();
      assertThat(server.await()).isEqualTo(128 + 9);
    }
    try (ServerProcess again = start()) {
      embeds(again.address());
      // Each process unpacks its libraries, and one that is killed cannot delete them.
      assertThat(temporaryFiles())
          .filteredOn(file -> !file.toString().contains("onnxruntime-java"))
          .isEmpty();
    }
  }
}
