package io.radnet.server.model;

import io.radnet.proto.inference.InferBatchStatistics;
import io.radnet.proto.inference.InferStatistics;
import io.radnet.proto.inference.ModelStatistics;
import io.radnet.proto.inference.StatisticDuration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and durations of one model version since it was loaded. A request is one call of a client;
 * an execution is one run of the network, which may serve several requests, or be one of the many
 * windows of one request.
 */
public final class ModelCounters {
  /** A number of events and their total duration. */
  private static final class Duration {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void add(long duration) {
      count.increment();
      nanos.add(duration);
    }

    StatisticDuration toProto() {
      return StatisticDuration.newBuilder().setCount(count.sum()).setNs(nanos.sum()).build();
    }
  }

  private static final class Batch {
    private final Duration input = new Duration();
    private final Duration infer = new Duration();
    private final Duration output = new Duration();
  }

  private final Duration success = new Duration();
  private final Duration failure = new Duration();
  private final Duration queue = new Duration();
  private final Duration input = new Duration();
  private final Duration infer = new Duration();
  private final Duration output = new Duration();
  private final LongAdder inferences = new LongAdder();
  private final LongAdder executions = new LongAdder();
  private final AtomicLong last = new AtomicLong();
  private final AtomicInteger pending = new AtomicInteger();
  private final Map<RequestException.Reason, LongAdder> failures =
      new EnumMap<>(RequestException.Reason.class);
  private final LongAdder otherFailures = new LongAdder();
  private final ConcurrentSkipListMap<Long, Batch> batches = new ConcurrentSkipListMap<>();

  ModelCounters() {
    for (RequestException.Reason reason : RequestException.Reason.values()) {
      failures.put(reason, new LongAdder());
    }
  }

  /** A request that was answered after {@code nanos}. */
  public void succeeded(long nanos) {
    success.add(nanos);
  }

  /** A request that failed after {@code nanos}. */
  public void failed(Throwable cause, long nanos) {
    failure.add(nanos);
    LongAdder adder =
        cause instanceof RequestException refused ? failures.get(refused.reason()) : null;
    (adder == null ? otherFailures : adder).increment();
  }

  void queued(long nanos) {
    queue.add(nanos);
  }

  void executed(long batch, ModelSession.Run run) {
    inferences.add(batch);
    executions.increment();
    last.set(System.currentTimeMillis());
    input.add(run.inputNanos());
    infer.add(run.inferNanos());
    output.add(run.outputNanos());
    Batch statistic = batches.computeIfAbsent(batch, size -> new Batch());
    statistic.input.add(run.inputNanos());
    statistic.infer.add(run.inferNanos());
    statistic.output.add(run.outputNanos());
  }

  void pending(int change) {
    pending.addAndGet(change);
  }

  /** The statistics of the protocol. */
  public ModelStatistics toProto(String name, String version) {
    ModelStatistics.Builder builder =
        ModelStatistics.newBuilder()
            .setName(name)
            .setVersion(version)
            .setLastInference(last.get())
            .setInferenceCount(inferences.sum())
            .setExecutionCount(executions.sum())
            .setInferenceStats(
                InferStatistics.newBuilder()
                    .setSuccess(success.toProto())
                    .setFail(failure.toProto())
                    .setQueue(queue.toProto())
                    .setComputeInput(input.toProto())
                    .setComputeInfer(infer.toProto())
                    .setComputeOutput(output.toProto())
                    // Tensors are not cached; clients expect the counts nevertheless.
                    .setCacheHit(StatisticDuration.getDefaultInstance())
                    .setCacheMiss(StatisticDuration.getDefaultInstance()));
    batches.forEach(
        (size, batch) ->
            builder.addBatchStats(
                InferBatchStatistics.newBuilder()
                    .setBatchSize(size)
                    .setComputeInput(batch.input.toProto())
                    .setComputeInfer(batch.infer.toProto())
                    .setComputeOutput(batch.output.toProto())));
    return builder.build();
  }

  /** Work that waits for a session. */
  public int pending() {
    return pending.get();
  }

  /** Failed requests by reason, in lower case. */
  public Map<String, Long> failures() {
    Map<String, Long> counts = new java.util.TreeMap<>();
    failures.forEach(
        (reason, count) ->
            counts.put(reason.name().toLowerCase(java.util.Locale.ROOT), count.sum()));
    counts.put("internal", otherFailures.sum());
    return counts;
  }
}
