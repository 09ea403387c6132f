package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.scan.ScanBudget;
import io.radnet.server.scan.ScanLimits;
import io.radnet.server.scan.ScanReceiver;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One call and what it leaves behind. */
final class ScanCallTest {
  private static final ScanLimits LIMITS =
      new ScanLimits(1 << 20, 1 << 20, 8, 10, Duration.ofSeconds(60));

  private final ScanBudget budget = new ScanBudget(LIMITS);
  private final ScheduledThreadPoolExecutor clock = ServerAssembly.clock();
  private final ScanWorkers workers = new ScanWorkers(1);
  private final FakeResponses<String> responses = new FakeResponses<>();

  @AfterEach
  void stop() {
    workers.close();
    clock.shutdownNow();
  }

  private ScanCall<String> call(Duration stall, ScanCall.Answer<String> answer) {
    return new ScanCall<>(
        responses,
        workers,
        clock,
        stall.toNanos(),
        () -> new ScanReceiver(budget, LIMITS),
        answer,
        (options, failure) -> {});
  }

  private static ScanRequest part() {
    return ScanRequest.newBuilder().setNifti(ByteString.copyFrom(new byte[100])).build();
  }

  @Test
  void aCallThatIsOverLeavesNothingWithTheClock() throws Exception {
    ScanCall<String> call =
        call(
            LIMITS.stall(),
            (scan, cancelled, observer) -> {
              observer.onNext("answer");
              observer.onCompleted();
            });
    assertThat(clock.getQueue()).hasSize(1);
    call.onNext(part());
    call.onCompleted();
    assertThat(responses.end.get()).isTrue();
    assertThat(clock.getQueue()).isEmpty();
    call(LIMITS.stall(), (scan, cancelled, observer) -> {}).onError(new IllegalStateException());
    assertThat(clock.getQueue()).isEmpty();
  }
}
