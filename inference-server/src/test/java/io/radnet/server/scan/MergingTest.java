package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that share a run of the network, and requests that do not. */
final class MergingTest {
  private static final int REQUESTS = 4;
  private static final long SIDE = TestModels.WINDOW;

  /** Microseconds that never pass: a full batch goes at once. */
  private static final long LONG = 60_000_000;

  @TempDir private Path folder;

  private ModelRepository repository(long delayMicroseconds) throws IOException {
    TestModels.threshold(folder, "bright", REQUESTS);
    Path config = folder.resolve("bright").resolve("config.pbtxt");
    String text = Files.readString(config);
    assertThat(text).contains("microseconds: 500 ");
    Files.writeString(
        config, text.replace("microseconds: 500 ", "microseconds: " + delayMicroseconds + " "));
    ModelRepository repository =
        new ModelRepository(
            folder,
            new SessionFactory(SessionSettings.defaults(1)),
            new QueueLimits(2 * REQUESTS, 1 << 30),
            (name, ready) -> {});
    repository.loadAll();
    return repository;
  }

  @ParameterizedTest
  @CsvSource({"0, 4", LONG + ", 1"})
  void aProcessorMergesOnlyWhatMayWait(long delayMicroseconds, int runs) throws IOException {
    try (ModelRepository repository = repository(delayMicroseconds);
        ModelLease lease = repository.acquire("bright", "")) {
      long before = runs(lease);
      List<Work> works = Stream.generate(MergingTest::work).limit(REQUESTS).toList();
      works.forEach(lease.model()::submit);
      works.forEach(MergingTest::answered);
      assertThat(runs(lease) - before).isEqualTo(runs);
    }
  }

  @Test
  void aBatchThatFormsWaitsForNobodyLongerThanHeAsksFor() throws IOException {
    try (ModelRepository repository = repository(LONG);
        ModelLease lease = repository.acquire("bright", "")) {
      long before = runs(lease);
      Work hasty = work(TimeUnit.MILLISECONDS.toNanos(20), () -> false);
      Work patient = work();
      lease.model().submit(hasty);
      lease.model().submit(patient);
      assertRefused(hasty, RequestException.Reason.TIMED_OUT);
      Stream.generate(MergingTest::work).limit(REQUESTS - 1).forEach(lease.model()::submit);
      answered(patient);
      assertThat(runs(lease) - before).isEqualTo(1);
    }
  }

  @Test
  void whatIsCancelledWhileABatchFormsIsNotComputed() throws IOException {
    try (ModelRepository repository = repository(LONG);
        ModelLease lease = repository.acquire("bright", "")) {
      long before = volumes(lease);
      AtomicBoolean gone = new AtomicBoolean();
      Work left = work(0, gone::get);
      lease.model().submit(left);
      while (lease.model().counters().pending() > 0) {
        Thread.onSpinWait();
      }
      gone.set(true);
      List<Work> works = Stream.generate(MergingTest::work).limit(REQUESTS).toList();
      works.forEach(lease.model()::submit);
      works.forEach(MergingTest::answered);
      assertRefused(left, RequestException.Reason.CANCELLED);
      assertThat(volumes(lease) - before).isEqualTo(REQUESTS);
    }
  }

  /** What max_batch_size allows is no batch where the processor runs windows one by one. */
  @ParameterizedTest
  @CsvSource({"0, 1", LONG + ", 4"})
  void aScanHandsInTwoBatchesOfWindows(long delayMicroseconds, int batch) throws Exception {
    try (ModelRepository repository = repository(delayMicroseconds);
        ModelLease lease = repository.acquire("bright", "")) {
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch running = new CountDownLatch(1);
      List<Work> blocking = Stream.generate(MergingTest::work).limit(batch).toList();
      // The session's own thread completes the result, and so waits here.
      blocking
          .get(0)
          .result()
          .thenRun(
              () -> {
                running.countDown();
                SchedulingTest.awaitQuietly(go);
              });
      blocking.forEach(lease.model()::submit);
      running.await();
      // Sixteen windows, all of which go in full batches.
      FutureTask<ScanInference.Mask> scan = segmentation(repository, lease, RawScans.of(196, 0));
      Thread thread = new Thread(scan, "scan");
      thread.start();
      int quiet = 0;
      while (quiet < 20) {
        Thread.sleep(5);
        boolean waits = thread.getState() == Thread.State.WAITING;
        quiet = waits && lease.model().counters().pending() > 0 ? quiet + 1 : 0;
      }
      assertThat(lease.model().counters().pending()).isEqualTo(2 * batch);
      go.countDown();
      assertThat(scan.get(30, TimeUnit.SECONDS).result().getTiming().getWindows()).isEqualTo(16);
    }
  }

  @Test
  void windowsOfTwoScansShareARun() throws Exception {
    try (ModelRepository repository = repository(LONG);
        ModelLease lease = repository.acquire("bright", "")) {
      long before = runs(lease);
      // Two windows each, and a run takes four.
      FutureTask<ScanInference.Mask> dark = segmentation(repository, lease, RawScans.of(28, 0));
      FutureTask<ScanInference.Mask> bright = segmentation(repository, lease, RawScans.of(28, 900));
      new Thread(dark, "dark").start();
      new Thread(bright, "bright").start();
      double whole = SIDE * SIDE * 28 / 1000.0;
      assertThat(millilitres(dark)).isZero();
      assertThat(millilitres(bright)).isCloseTo(whole, within(1e-6));
      assertThat(runs(lease) - before).isEqualTo(1);
    }
  }

  private static double millilitres(FutureTask<ScanInference.Mask> scan) throws Exception {
    return scan.get(30, TimeUnit.SECONDS).result().getLabels(0).getMillilitres();
  }

  private static FutureTask<ScanInference.Mask> segmentation(
      ModelRepository repository, ModelLease lease, ReceivedScan scan) {
    ScanInference inference = new ScanInference(repository, ScanLimits.defaults());
    return new FutureTask<>(
        () -> inference.segment(scan, lease.model(), () -> false, (total, done) -> {}));
  }

  private static void assertRefused(Work work, RequestException.Reason reason) {
    assertThatThrownBy(() -> work.result().orTimeout(30, TimeUnit.SECONDS).join())
        .cause()
        .isInstanceOfSatisfying(
            RequestException.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static void answered(Work work) {
    assertThat(work.result().orTimeout(30, TimeUnit.SECONDS).join().outputs())
        .containsKey("logits");
  }

  private static Work work() {
    return work(0, () -> false);
  }

  private static Work work(long timeoutNanos, BooleanSupplier cancelled) {
    Tensor window = Tensor.allocate("volume", TensorType.FP32, List.of(1L, 1L, SIDE, SIDE, SIDE));
    return new Work(List.of(window), 0, timeoutNanos, cancelled, false);
  }

  private static long runs(ModelLease lease) {
    return lease.model().counters().toProto("bright", "1").getExecutionCount();
  }

  private static long volumes(ModelLease lease) {
    return lease.model().counters().toProto("bright", "1").getInferenceCount();
  }
}
