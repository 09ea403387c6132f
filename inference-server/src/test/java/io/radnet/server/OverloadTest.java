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
import io.radnet.proto.v1.SegmentResponse;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.scan.ScanLimits;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten times as many callers as the server takes scans. */
final class OverloadTest {
  private static final int CAPACITY = 4;
  private static final int CALLERS = 10 * CAPACITY;
  private static final int SIDE = 40;
  private static final long SLACK = 24L << 20;

  private RadNetServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start(@TempDir Path repository) throws IOException {
    TestModels.threshold(repository, "bright", 1);
    server =
        RadNetServer.start(
            ServerConfig.of(repository)
                .withLimits(
                    new ScanLimits(1 << 20, 64 << 20, CAPACITY, 10, Duration.ofSeconds(60)),
                    new QueueLimits(64, 1 << 30)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private static Volume scan() {
    float[] values = new float[SIDE * SIDE * SIDE];
    java.util.Arrays.fill(values, 0, values.length / 2, 900);
    return Volume.of(Geometry.axisAligned(SIDE, SIDE, SIDE, 1, 1, 1), values);
  }

  /** Which calls are accepted is a race; the refusals come while those wait for their senders. */
  @Test
  void refusesAtOnceAndFinishesWhatItAccepted() throws Exception {
    List<ScanRequest> parts = new ArrayList<>();
    new ScanSource.InMemory(scan()).send(parts::add);
    Map<Ending<SegmentResponse>, StreamObserver<ScanRequest>> calls = new LinkedHashMap<>();
    CountDownLatch refusals = new CountDownLatch(CALLERS - CAPACITY);
    for (int n = 0; n < CALLERS; n++) {
      Ending<SegmentResponse> ending = new Ending<>();
      ending.status.thenRun(refusals::countDown);
      StreamObserver<ScanRequest> call = RadNetGrpc.newStub(channel).segment(ending);
      call.onNext(parts.get(0));
      calls.put(ending, call);
    }
    assertThat(refusals.await(30, TimeUnit.SECONDS)).isTrue();
    List<Ending<SegmentResponse>> accepted = new ArrayList<>();
    for (Map.Entry<Ending<SegmentResponse>, StreamObserver<ScanRequest>> call : calls.entrySet()) {
      if (call.getKey().status.isDone()) {
        Status status = call.getKey().status.get();
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("works on 4 scans; try again later");
      } else {
        accepted.add(call.getKey());
      }
    }
    assertThat(accepted).hasSize(CAPACITY);
    for (Ending<SegmentResponse> each : accepted) {
      StreamObserver<ScanRequest> call = Objects.requireNonNull(calls.get(each));
      parts.subList(1, parts.size()).forEach(call::onNext);
      call.onCompleted();
    }
    for (Ending<SegmentResponse> each : accepted) {
      assertThat(each.status.get().isOk()).as(each.status.get().toString()).isTrue();
    }
  }

  private record Count(int answered, int refused) {
    Count plus(Count other) {
      return new Count(answered + other.answered, refused + other.refused);
    }
  }

  /** Each caller sends until a number of its scans is answered. */
  private Count load(int answers) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try {
      List<Future<Count>> callers = new ArrayList<>();
      for (int n = 0; n < CALLERS; n++) {
        callers.add(threads.submit(() -> call(answers)));
      }
      Count all = new Count(0, 0);
      for (Future<Count> caller : callers) {
        all = all.plus(caller.get());
      }
      return all;
    } finally {
      threads.shutdownNow();
      // Their ends take a moment on a busy machine, and the test counts threads.
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Count call(int answers) throws IOException {
    int answered = 0;
    int refused = 0;
    try (RadNetClient client =
        RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofMinutes(2), 1)) {
      while (answered < answers) {
        try {
          RadNetClient.Mask mask =
              client.segment(
                  new ScanSource.InMemory(scan()),
                  ScanOptions.getDefaultInstance(),
                  (all, done) -> {});
          assertThat(mask.result().getLabels(0).getMillilitres()).isPositive();
          answered++;
        } catch (CallFailedException failure) {
          assertThat(failure.code())
              .as(failure.getMessage())
              .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
          refused++;
        }
      }
    }
    return new Count(answered, refused);
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Without those of gRPC's default executor: the clients' calls share it, and it keeps them. */
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith("grpc-default-executor"))
        .count();
  }

  @Test
  void memoryAndThreadsStayFlatUnderLoad() throws Exception {
    Count first = load(1);
    long heap = heap();
    long direct = directMemory();
    long threads = threads();
    Count second = load(4);
    assertThat(first.answered() + second.answered()).isEqualTo(5 * CALLERS);
    assertThat(first.refused() + second.refused()).isPositive();
    assertThat(heap()).isLessThan(heap + SLACK);
    assertThat(directMemory()).isLessThan(direct + SLACK);
    assertThat(threads()).isLessThan(threads + 20);
  }
}
