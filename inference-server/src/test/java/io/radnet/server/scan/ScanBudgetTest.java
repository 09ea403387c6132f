package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Scans that are received at the same time and have no room together. */
final class ScanBudgetTest {
  private static final int PART = 80 << 10;
  private static final int PARTS = 10;
  private static final int CALLERS = 50;
  private static final ScanLimits LIMITS =
      new ScanLimits(1 << 20, 4 << 20, 64, 10, Duration.ofSeconds(60));

  private final ScanBudget budget = new ScanBudget(LIMITS);

  private ScanReceiver receiver() {
    return new ScanReceiver(budget, LIMITS);
  }

  private static ScanRequest nifti(int bytes) {
    return ScanRequest.newBuilder().setNifti(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static ScanRequest announcing(long bytes) {
    return ScanRequest.newBuilder()
        .setOptions(ScanOptions.newBuilder().setScanBytes(bytes))
        .build();
  }

  private static void assertRefused(ThrowingCallable call, Reason reason, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .asInstanceOf(type(RequestException.class))
        .extracting(RequestException::reason)
        .isEqualTo(reason);
  }

  /** Sends a scan part by part, and from its beginning again when it was refused or answered. */
  private final class Caller {
    private @Nullable ScanReceiver call;
    private int sent;

    /** Whether a scan became complete. */
    boolean step() {
      ScanReceiver open = call;
      try {
        if (open == null) {
          open = receiver();
          call = open;
        }
        open.accept(nifti(PART));
        sent++;
        if (sent < PARTS) {
          return false;
        }
        assertThat(open.finish().bytes()).isEqualTo((long) PART * PARTS);
        end(open);
        return true;
      } catch (RequestException overloaded) {
        assertThat(overloaded.reason()).isEqualTo(Reason.OVERLOADED);
        end(open);
        return false;
      }
    }

    private void end(@Nullable ScanReceiver open) {
      if (open != null) {
        open.close();
      }
      call = null;
      sent = 0;
    }
  }

  /** Five scans fit; in a hundred parts of each caller the oldest alone makes ten complete. */
  @Test
  void scansBecomeCompleteHoweverManyCallersSendAtOnce() {
    List<Caller> callers = new ArrayList<>();
    for (int n = 0; n < CALLERS; n++) {
      callers.add(new Caller());
    }
    Random order = new Random(1);
    int complete = 0;
    for (int round = 0; round < 100; round++) {
      Collections.shuffle(callers, order);
      for (Caller caller : callers) {
        complete += caller.step() ? 1 : 0;
      }
      assertThat(budget.bytes()).isBetween(0L, LIMITS.pendingBytes());
    }
    assertThat(complete).isGreaterThanOrEqualTo(40);
  }

  /** The same from threads: every caller gets its scans through, and nothing is left. */
  @Test
  void nothingIsLostBetweenThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int n = 0; n < 16; n++) {
        all.add(
            threads.submit(
                () -> {
                  Caller caller = new Caller();
                  for (int complete = 0; complete < 20; ) {
                    complete += caller.step() ? 1 : 0;
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(budget.bytes()).isZero();
    assertThat(budget.scans()).isZero();
  }

  @Test
  void theYoungestThatIsStillReceivedGivesWay() {
    try (ScanReceiver complete = receiver();
        ScanReceiver oldest = receiver();
        ScanReceiver middle = receiver();
        ScanReceiver silent = receiver();
        ScanReceiver youngest = receiver()) {
      silent.accept(announcing(0));
      for (ScanReceiver each : List.of(youngest, middle, oldest, complete)) {
        each.accept(nifti(1 << 20));
      }
      complete.finish();
      ScanReceiver late = receiver();
      assertRefused(
          () -> late.accept(nifti(1)), Reason.OVERLOADED, "holds 4 MiB of scans; try again later");
      silent.accept(nifti(1 << 19));
      assertThat(budget.bytes()).isEqualTo((3L << 20) + (1 << 19));
      assertRefused(() -> youngest.accept(nifti(0)), Reason.OVERLOADED, "gave way");
      assertRefused(youngest::finish, Reason.OVERLOADED, "gave way");
      assertThat(oldest.finish().bytes()).isEqualTo(1 << 20);
      assertThat(middle.finish().bytes()).isEqualTo(1 << 20);
      late.close();
    }
    assertThat(budget.bytes()).isZero();
    assertThat(budget.scans()).isZero();
  }

  @Test
  void nobodyGivesWayWhereThatDoesNotHelp() {
    try (ScanReceiver complete = receiver();
        ScanReceiver older = receiver();
        ScanReceiver younger = receiver()) {
      complete.accept(announcing(1 << 20));
      List<ScanReceiver> worked = List.of(complete, receiver(), receiver());
      worked.forEach(each -> each.accept(nifti(1 << 20)));
      worked.forEach(ScanReceiver::finish);
      ScanReceiver half = receiver();
      half.accept(nifti(900 << 10));
      half.finish();
      younger.accept(nifti(50 << 10));
      assertRefused(() -> older.accept(nifti(200 << 10)), Reason.OVERLOADED, "holds 3 MiB");
      younger.accept(nifti(50 << 10));
      assertThat(younger.finish().bytes()).isEqualTo(100 << 10);
    }
  }

  @Test
  void whatIsAnnouncedIsSetAsideAtOnceAndKeptTo() {
    ScanReceiver first = receiver();
    List<ScanReceiver> others = List.of(receiver(), receiver(), receiver());
    first.accept(announcing(600 << 10));
    assertThat(budget.bytes()).isEqualTo(600 << 10);
    first.accept(announcing(1 << 20));
    others.forEach(each -> each.accept(announcing(1 << 20)));
    ScanReceiver late = receiver();
    assertRefused(() -> late.accept(announcing(1)), Reason.OVERLOADED, "holds 4 MiB of scans");
    first.accept(nifti(1000));
    assertThat(budget.bytes()).isEqualTo(4 << 20);
    first.finish();
    assertThat(budget.bytes()).isEqualTo((3 << 20) + 1000);
    late.accept(announcing(1000));
    assertRefused(
        () -> late.accept(nifti(1001)), Reason.INVALID, "1001 bytes (scan_bytes announced 1000)");
    ScanReceiver large = receiver();
    assertRefused(
        () -> large.accept(announcing(-1)), Reason.TOO_LARGE, "18446744073709551615 bytes");
    for (ScanReceiver each : List.of(first, late, large)) {
      each.close();
    }
    others.forEach(ScanReceiver::close);
    assertThat(budget.bytes()).isZero();
  }
}
