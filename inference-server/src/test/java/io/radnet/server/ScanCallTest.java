package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Status;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.scan.ScanBudget;
import io.radnet.server.scan.ScanLimits;
import io.radnet.server.scan.ScanReceiver;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One call and what it leaves behind. */
final class ScanCallTest {
  private static final ScanLimits LIMITS =
      new ScanLimits(1 << 20, 1 << 20, 8, 10, Duration.ofSeconds(60));

  private final ScanBudget budget = new ScanBudget(LIMITS);
  private final ScheduledThreadPoolExecutor clock = ServerAssembly.clock();
  private final ScanWorkers workers = new ScanWorkers("test", 1);
  private final FakeResponses<String> responses = new FakeResponses<>();

  @AfterEach
  void stop() {
    workers.close();
    clock.shutdownNow();
  }

  private ScanCall<String> call(Duration stall, ScanCall.Answer<String> answer) {
    return call(responses, stall, answer);
  }

  private ScanCall<String> call(
      FakeResponses<String> observer, Duration stall, ScanCall.Answer<String> answer) {
    return new ScanCall<>(
        observer,
        workers,
        clock,
        stall.toNanos(),
        () -> new ScanReceiver(budget, LIMITS),
        answer,
        (options, failure) -> {});
  }

  private static ScanRequest part() {
    return part(100);
  }

  private static ScanRequest part(int bytes) {
    return ScanRequest.newBuilder().setNifti(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    for (int n = 0; n < 3000 && !wanted.getAsBoolean(); n++) {
      Thread.sleep(10);
    }
    assertThat(wanted.getAsBoolean()).isTrue();
  }

  @Test
  void aCallThatIsOverLeavesNothingWithTheClock() throws Exception {
    ScanCall<String> call =
        call(LIMITS.stall(), (scan, cancelled, observer) -> List.of("answer").iterator());
    assertThat(clock.getQueue()).hasSize(1);
    call.onNext(part());
    call.onCompleted();
    assertThat(responses.end.get()).isTrue();
    await(() -> budget.scans() == 0);
    assertThat(clock.getQueue()).isEmpty();
    call(LIMITS.stall(), (scan, cancelled, observer) -> Collections.emptyIterator())
        .onError(new IllegalStateException());
    assertThat(clock.getQueue()).isEmpty();
  }

  @Test
  void aCallThatIsCancelledWhileItWaitsGivesItsBudgetBack() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    workers.execute(Context.ROOT, 0, () -> awaitQuietly(go));
    ScanCall<String> call =
        call(LIMITS.stall(), (scan, cancelled, observer) -> Collections.emptyIterator());
    call.onNext(part());
    call.onCompleted();
    assertThat(budget.bytes()).isEqualTo(100);
    responses.goAway();
    assertThat(budget.bytes()).isZero();
    assertThat(budget.scans()).isZero();
    go.countDown();
  }

  /** The caller who began first is answered, and the other is told to ask again. */
  @Test
  void theCallThatBeganLastGivesWay() throws Exception {
    ScanCall<String> first =
        call(LIMITS.stall(), (scan, cancelled, observer) -> List.of("answer").iterator());
    FakeResponses<String> refused = new FakeResponses<>();
    ScanCall<String> second =
        call(refused, LIMITS.stall(), (scan, cancelled, observer) -> List.of("no").iterator());
    first.onNext(part(600 << 10));
    second.onNext(part(400 << 10));
    first.onNext(part(400 << 10));
    first.onCompleted();
    assertThat(responses.end.get()).isTrue();
    second.onNext(part(400 << 10));
    assertThatThrownBy(refused.end::get)
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining("gave way to an older one; try again later")
        .extracting(failure -> Status.trailersFromThrowable(failure).toString())
        .asString()
        .contains("grpc-retry-pushback-ms=1000");
    await(() -> budget.scans() == 0);
    assertThat(budget.bytes()).isZero();
  }

  private ScanCall<String> answered(Duration stall) throws InterruptedException {
    ScanCall<String> call =
        call(stall, (scan, cancelled, observer) -> List.of("a", "b", "c").iterator());
    responses.room = 1;
    call.onNext(part());
    call.onCompleted();
    await(() -> responses.answers.size() == 1);
    return call;
  }

  @Test
  void sendsNoFasterThanTheReaderTakes() throws Exception {
    answered(LIMITS.stall());
    responses.take(1);
    assertThat(responses.answers).containsExactly("a", "b");
    assertThat(budget.bytes()).isEqualTo(100);
    responses.take(1);
    assertThat(responses.answers).containsExactly("a", "b", "c");
    assertThat(responses.end.get()).isTrue();
    assertThat(budget.bytes()).isZero();
    assertThat(clock.getQueue()).isEmpty();
  }

  @Test
  void endsAReaderThatTakesNothing() throws Exception {
    answered(Duration.ofSeconds(1));
    assertThatThrownBy(() -> responses.end.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("DEADLINE_EXCEEDED: nothing of the answer was taken for 1 s");
    assertThat(budget.scans()).isZero();
  }

  @Test
  void aReaderThatGoesAwayLeavesNothing() throws Exception {
    answered(LIMITS.stall());
    responses.goAway();
    assertThat(budget.scans()).isZero();
    assertThat(clock.getQueue()).isEmpty();
  }

  @Test
  void whatIsUrgentGoesFirst() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    workers.execute(Context.ROOT, 0, () -> awaitQuietly(go));
    List<String> order = new CopyOnWriteArrayList<>();
    workers.execute(Context.ROOT, 0, () -> order.add("default"));
    workers.execute(Context.ROOT, 2, () -> order.add("second"));
    workers.execute(Context.ROOT, 1, () -> order.add("first"));
    workers.execute(Context.ROOT, 1, () -> order.add("first, later"));
    go.countDown();
    await(() -> order.size() == 4);
    assertThat(order).containsExactly("first", "first, later", "second", "default");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
