package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.TestModels;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.SessionFactory;
import io.radnet.server.model.SessionSettings;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorType;
import io.radnet.server.model.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who computes when: cancelled scans, short requests beside long scans, full queues. */
final class SchedulingTest {
  private static final int WAITING = 5;
  private static final int SIDE = TestModels.WINDOW;
  private static final long WINDOW_BYTES = (long) SIDE * SIDE * SIDE * Float.BYTES;

  private ModelRepository repository;
  private ModelLease lease;
  private ScanInference inference;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    TestModels.threshold(folder, "bright", 1);
    repository =
        new ModelRepository(
            folder,
            new SessionFactory(SessionSettings.defaults(1)),
            new QueueLimits(WAITING, 3 * WINDOW_BYTES),
            (name, ready) -> {});
    repository.loadAll();
    inference = new ScanInference(repository, ScanLimits.defaults());
    lease = inference.acquire(ScanOptions.getDefaultInstance(), Recipe.Task.SEGMENTATION);
  }

  @AfterEach
  void close() {
    lease.close();
    repository.close();
  }

  private static Tensor window() {
    return Tensor.allocate(
        "volume", TensorType.FP32, List.of(1L, 1L, (long) SIDE, (long) SIDE, (long) SIDE));
  }

  private static Work work() {
    return new Work(List.of(window()), 0, 0, () -> false, false);
  }

  private long runs() {
    return lease.model().counters().toProto("bright", "1").getExecutionCount();
  }

  @Test
  void aCancelledScanStopsWithinOneWindow() {
    long before = runs();
    AtomicBoolean cancelled = new AtomicBoolean();
    AtomicInteger all = new AtomicInteger();
    assertThatThrownBy(
            () ->
                inference.segment(
                    RawScans.of(400, 0),
                    lease.model(),
                    cancelled::get,
                    (total, done) -> {
                      all.set(total);
                      cancelled.set(done >= 3);
                    }))
        .isInstanceOfSatisfying(
            RequestException.class,
            failure -> assertThat(failure.reason()).isEqualTo(RequestException.Reason.CANCELLED));
    // Behind what is still queued: nothing of the scan comes any more.
    Work last = work();
    lease.model().submit(last);
    last.result().join();
    assertThat(all.get()).isGreaterThan(20);
    // Three done, the one that was under way, and the last.
    assertThat(runs() - before).isBetween(4L, 3L + 1 + 1 + 1);
  }

  @Test
  void aShortRequestPassesALongScan() {
    Work embedding = work();
    AtomicInteger waited = new AtomicInteger();
    inference.segment(
        RawScans.of(400, 0),
        lease.model(),
        () -> false,
        (total, done) -> {
          if (done == 3) {
            lease.model().submit(embedding);
          }
          if (done > 3 && !embedding.result().isDone()) {
            waited.incrementAndGet();
          }
        });
    // At most the windows that were handed in before it: those under way.
    assertThat(waited.get()).isLessThanOrEqualTo(2);
    assertThat(embedding.result()).isCompleted();
  }

  @Test
  void aFullQueueRefusesAtOnceAndTheAcceptedFinish() {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Work first = work();
    // The session's own thread completes the result, and so waits here.
    var blocked =
        first
            .result()
            .thenRun(
                () -> {
                  running.countDown();
                  awaitQuietly(go);
                });
    lease.model().submit(first);
    awaitQuietly(running);
    List<Work> accepted = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      accepted.add(work());
      lease.model().submit(accepted.get(n));
    }
    for (int n = 0; n < 10 * WAITING; n++) {
      assertThatThrownBy(() -> lease.model().submit(work()))
          .isInstanceOfSatisfying(
              RequestException.class,
              failure -> assertThat(failure.reason()).isEqualTo(RequestException.Reason.OVERLOADED))
          .hasMessageContaining("MiB wait; try again later");
    }
    assertThat(lease.model().counters().pending()).isEqualTo(3);
    go.countDown();
    accepted.forEach(work -> work.result().join());
    blocked.join();
    Work next = work();
    lease.model().submit(next);
    assertThat(next.result().join().outputs()).containsKey("logits");
    assertThat(lease.model().counters().pending()).isZero();
  }

  @Test
  void workPastItsDeadlineIsNotComputed() {
    Work late = new Work(List.of(window()), 0, 1, () -> false, false);
    long before = runs();
    lease.model().submit(late);
    assertThatThrownBy(() -> late.result().join())
        .hasCauseInstanceOf(RequestException.class)
        .hasMessageContaining("timed out while it waited");
    assertThat(runs()).isEqualTo(before);
  }

  @Test
  void anErrorFailsItsOwnWorkAlone() {
    Work broken =
        new Work(
            List.of(window()),
            0,
            0,
            () -> {
              throw new LinkageError("broken");
            },
            false);
    lease.model().submit(broken);
    assertThatThrownBy(() -> broken.result().orTimeout(30, TimeUnit.SECONDS).join())
        .hasRootCauseInstanceOf(LinkageError.class);
    Work next = work();
    lease.model().submit(next);
    assertThat(next.result().orTimeout(30, TimeUnit.SECONDS).join().outputs())
        .containsKey("logits");
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
