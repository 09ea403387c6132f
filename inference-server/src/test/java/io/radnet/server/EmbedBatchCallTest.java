package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.proto.v1.EmbedBatchResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.EndOfScan;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.scan.ScanBudget;
import io.radnet.server.scan.ScanLimits;
import io.radnet.server.scan.ScanReceiver;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch whose sender does not read its answers. */
final class EmbedBatchCallTest {
  private static final ScanLimits LIMITS =
      new ScanLimits(1 << 20, 1 << 20, 8, 10, Duration.ofSeconds(60));

  /** Without a scan before it: answered at once, with an error. */
  private static final ScanRequest END =
      ScanRequest.newBuilder().setEndOfScan(EndOfScan.getDefaultInstance()).build();

  private final ScanBudget budget = new ScanBudget(LIMITS);
  private final ScheduledThreadPoolExecutor clock = ServerAssembly.clock();
  private final ScanWorkers workers = new ScanWorkers("test", 1);
  private final FakeResponses<EmbedBatchResponse> responses = new FakeResponses<>();

  @AfterEach
  void stop() {
    workers.close();
    clock.shutdownNow();
  }

  private EmbedBatchCall call(Duration stall) {
    return new EmbedBatchCall(
        responses,
        () -> new ScanReceiver(budget, LIMITS),
        workers,
        clock,
        stall.toNanos(),
        (scan, cancelled) -> EmbedResponse.getDefaultInstance());
  }

  @Test
  void asksForNoMoreThanTheReaderTakes() throws Exception {
    EmbedBatchCall call = call(LIMITS.stall());
    responses.room = 2;
    call.onNext(END);
    assertThat(responses.requested).isEqualTo(2);
    call.onNext(END);
    assertThat(responses.answers).hasSize(2);
    assertThat(responses.requested).isEqualTo(2);
    responses.take(1);
    assertThat(responses.requested).isEqualTo(3);
    assertThat(clock.getQueue()).isEmpty();
    call.onNext(END);
    assertThat(responses.requested).isEqualTo(3);
    call.onCompleted();
    assertThat(responses.end.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(clock.getQueue()).isEmpty();
    responses.take(9);
    assertThat(responses.requested).isEqualTo(3);
  }

  @Test
  void endsAReaderThatTakesNothing() {
    responses.room = 1;
    call(Duration.ofSeconds(1)).onNext(END);
    assertThatThrownBy(() -> responses.end.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("DEADLINE_EXCEEDED: nothing of the answers was taken for 1 s");
    assertThat(clock.getQueue()).isEmpty();
  }

  @Test
  void aReaderThatGoesAwayLeavesNothing() {
    responses.room = 1;
    call(LIMITS.stall()).onNext(END);
    assertThat(clock.getQueue()).hasSize(1);
    responses.goAway();
    assertThat(clock.getQueue()).isEmpty();
  }
}
