package io.radnet.server.scan;

import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.v1.ModelUsed;
import io.radnet.proto.v1.Timing;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.ServedModel;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.Work;
import io.radnet.server.telemetry.Stage;
import io.radnet.server.telemetry.Stages;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** One scan on one model: hands work to the model's queue and keeps the time. */
final class ScanJob {
  private static final double NANOS_PER_MILLI = 1e6;

  private final ServedModel model;
  private final int priority;
  private final BooleanSupplier cancelled;
  private final Stages stages;
  private final Timing.Builder timing = Timing.newBuilder();
  private long queueNanos;
  private long inferNanos;
  private long resampledFirst;
  private int windows;
  private long lastRun;
  private long mark = System.nanoTime();

  ScanJob(ServedModel model, int priority, BooleanSupplier cancelled, ReceivedScan scan) {
    this.model = model;
    this.priority = priority;
    this.cancelled = cancelled;
    this.stages = scan.stages();
    timing.setReceiveMs(scan.receiveNanos() / NANOS_PER_MILLI);
  }

  ServedModel model() {
    return model;
  }

  Stages stages() {
    return stages;
  }

  Recipe recipe() {
    return model
        .recipe()
        .orElseThrow(
            () ->
                new RequestException(
                    Reason.INVALID,
                    "model "
                        + model.name()
                        + ": carries no recipe, so it takes tensors (ModelInfer) and no scans"));
  }

  /** Ends here where nobody waits for the answer any more. */
  void checkWanted() {
    if (cancelled.getAsBoolean()) {
      throw new RequestException(Reason.CANCELLED, "cancelled, or past its deadline");
    }
  }

  CompletableFuture<Work.Outcome> submit(Tensor input) {
    checkWanted();
    Work work = new Work(List.of(input), priority, 0, cancelled, true);
    model.submit(work);
    return work.result();
  }

  Work.Outcome await(CompletableFuture<Work.Outcome> pending) {
    try {
      Work.Outcome outcome = pending.get();
      record(outcome);
      windows++;
      return outcome;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RequestException(Reason.UNAVAILABLE, "the server is closing");
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the network failed", failure.getCause());
    }
  }

  private void record(Work.Outcome outcome) {
    long started = outcome.startNanos();
    stages.record(Stage.QUEUE, started - outcome.queueNanos(), started);
    queueNanos += outcome.queueNanos();
    // Windows that went through the network together came out of the queue at the same time.
    if (windows == 0 || started != lastRun) {
      stages.record(Stage.INFER, started, started + outcome.inferNanos());
      inferNanos += outcome.inferNanos();
      lastRun = started;
    }
  }

  void prepared() {
    long now = System.nanoTime();
    timing.setPrepareMs((now - mark) / NANOS_PER_MILLI);
    resampledFirst = stages.nanos(Stage.RESAMPLE);
    mark = now;
  }

  void inferred() {
    mark = System.nanoTime();
    // Slabs that were resampled between the windows.
    long later = stages.nanos(Stage.RESAMPLE) - resampledFirst;
    timing
        .setPrepareMs(timing.getPrepareMs() + later / NANOS_PER_MILLI)
        .setQueueMs(queueNanos / NANOS_PER_MILLI)
        .setInferMs(inferNanos / NANOS_PER_MILLI)
        .setWindows(windows);
  }

  Timing finished() {
    return timing.setFinishMs((System.nanoTime() - mark) / NANOS_PER_MILLI).build();
  }

  ModelUsed used() {
    return ModelUsed.newBuilder()
        .setName(model.name())
        .setVersion(model.version())
        .setProvider(model.provider().label())
        .build();
  }
}
