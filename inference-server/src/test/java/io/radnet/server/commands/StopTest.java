package io.radnet.server.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.TestModels;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to a server under load. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no SIGTERM")
final class StopTest {
  private static final int CLIENTS = 4;

  @TempDir private Path folder;

  private Path scan() throws IOException {
    float[] values = new float[40 * 40 * 40];
    java.util.Arrays.fill(values, 0, 32_000, 900);
    Path file = folder.resolve("scan.nii");
    NiftiWriter.write(file, Volume.of(Geometry.axisAligned(40, 40, 40, 1, 1, 1), values));
    return file;
  }

  /** Sends scans until the server refuses one; every call that failed otherwise is a mistake. */
  private static int sendUntilRefused(String address, Path scan, Runnable answered) {
    int count = 0;
    try (RadNetClient client = RadNetClient.connect(address, Duration.ofSeconds(60), 1)) {
      while (true) {
        client.segment(
            new ScanSource.Nifti(scan), ScanOptions.getDefaultInstance(), (all, done) -> {});
        count++;
        answered.run();
      }
    } catch (CallFailedException refused) {
      assertThat(refused.code()).as(refused.getMessage()).isEqualTo(Status.Code.UNAVAILABLE);
      return count;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void finishesWhatItHasAcceptedAndExitsWithZero() throws Exception {
    TestModels.threshold(folder.resolve("models"), "bright", 1);
    Path scan = scan();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (ServerProcess server =
        new ServerProcess(folder, Map.of("RADNET_DRAIN", "50"), "--repository", "" + models())) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      Iterator<HealthCheckResponse> states =
          HealthGrpc.newBlockingStub(channel).watch(HealthCheckRequest.getDefaultInstance());
      assertThat(states.next().getStatus()).isEqualTo(ServingStatus.SERVING);
      CountDownLatch underLoad = new CountDownLatch(2 * CLIENTS);
      AtomicInteger stopped = new AtomicInteger();
      List<Future<Integer>> clients = new ArrayList<>();
      for (int n = 0; n < CLIENTS; n++) {
        clients.add(
            threads.submit(
                () -> {
                  try {
                    return sendUntilRefused(server.address(), scan, underLoad::countDown);
                  } finally {
                    stopped.incrementAndGet();
                  }
                }));
      }
      underLoad.await();
      server.terminate();
      // The watch is told while the process still lives, and it does not hold the process back.
      assertThat(states.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(server.await()).isZero();
      int answered = 0;
      for (Future<Integer> client : clients) {
        answered += client.get();
      }
      channel.shutdownNow();
      String log = server.log();
      long finished =
          log.lines().filter(line -> line.matches(".*requests Segment status=OK .*")).count();
      assertThat(answered).isEqualTo((int) finished).isGreaterThanOrEqualTo(2 * CLIENTS);
      assertThat(log).doesNotContain("CANCELLED", "INTERNAL", "still under way");
      assertThat(stopped).hasValue(CLIENTS);
    } finally {
      threads.shutdownNow();
    }
  }

  private Path models() {
    return folder.resolve("models");
  }

  @Test
  void namesAMistakeInTheEnvironment() throws IOException {
    TestModels.threshold(models(), "bright", 1);
    assertThatThrownBy(
            () ->
                new ServerProcess(
                    folder, Map.of("RADNET_DRAIN", "soon"), "--repository", "" + models()))
        .hasMessageContaining("RADNET_DRAIN: soon (expected: an integer, 0 to 86400)");
  }
}
