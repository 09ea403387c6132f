package io.radnet.server.model;

import io.radnet.proto.inference.ModelConfig;
import io.radnet.server.model.RequestException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue in front of a session and the threads that empty it. Work of different senders that has
 * the same shape goes through the network together where the configuration allows it; on a
 * processor, where that is slower, only if it says how long work may wait for more. A scan hands in
 * few windows at a time, so nobody waits behind all of a long scan.
 */
final class DynamicBatcher implements AutoCloseable {
  private final ModelSession session;
  private final ModelCounters counters;
  private final int maxBatch;
  private final long delayNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final WorkQueue queue;
  private final List<Thread> workers = new ArrayList<>();
  private boolean closed;

  DynamicBatcher(
      String name,
      ModelSession session,
      ModelConfig config,
      QueueLimits limits,
      ModelCounters counters) {
    this.session = session;
    this.counters = counters;
    this.delayNanos = config.getDynamicBatching().getMaxQueueDelayMicroseconds() * 1000;
    // One volume keeps a processor busy; runs of several were measured to take longer per volume.
    boolean gains = session.provider() != Provider.CPU || delayNanos > 0;
    boolean merges = config.hasDynamicBatching() && gains;
    this.maxBatch = merges ? Math.max(1, config.getMaxBatchSize()) : 1;
    QueueRules rules = new QueueRules(config, limits.requests());
    this.queue = new WorkQueue(rules, limits.bytes(), counters);
    int instances =
        Math.max(
            1, config.getInstanceGroupList().stream().mapToInt(group -> group.getCount()).sum());
    for (int i = 0; i < instances; i++) {
      Thread worker = new Thread(this::serve, "session-" + name + "-" + i);
      worker.setDaemon(true);
      workers.add(worker);
      worker.start();
    }
  }

  /** How many volumes a run has at most; 1 where work is not merged. */
  int largestRun() {
    return maxBatch;
  }

  /**
   * Queues work; its result completes later.
   *
   * @throws RequestException where the queue is full or closed
   */
  void submit(Work work) {
    lock.lock();
    try {
      if (closed) {
        throw new RequestException(Reason.UNAVAILABLE, "the model is being unloaded; try again");
      }
      queue.add(work);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Until the queue is closed and empty: a failure ends the batch and never the thread. */
  private void serve() {
    Map<Integer, ByteBuffer> buffers = new HashMap<>();
    while (true) {
      List<Work> batch = new ArrayList<>();
      try {
        next(batch);
        if (batch.isEmpty()) {
          return;
        }
        run(batch, buffers);
      } catch (InterruptedException interrupted) {
        fail(batch, new RequestException(Reason.UNAVAILABLE, "the model is being unloaded"));
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable failure) {
        fail(batch, failure);
      }
    }
  }

  private static void fail(List<Work> batch, Throwable failure) {
    batch.forEach(work -> work.result().completeExceptionally(failure));
  }

  /** Takes the next work to run together; none when the queue is closed and empty. */
  private void next(List<Work> batch) throws InterruptedException {
    lock.lock();
    try {
      while (batch.isEmpty()) {
        while (queue.isEmpty()) {
          if (closed) {
            return;
          }
          arrived.await();
        }
        queue.takeFirst(batch);
        fill(batch);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for more, as long as its first may wait; what nobody wants any more leaves it again. */
  private void fill(List<Work> batch) throws InterruptedException {
    queue.takeFitting(batch, maxBatch);
    while (!batch.isEmpty() && WorkQueue.size(batch) < maxBatch && !closed) {
      long now = System.nanoTime();
      long left = batch.get(0).arrival() + delayNanos - now;
      if (left <= 0) {
        return;
      }
      arrived.awaitNanos(Math.min(left, queue.untilRefusal(batch, now)));
      queue.removeDead(batch);
      queue.takeFitting(batch, maxBatch);
    }
  }

  private void run(List<Work> batch, Map<Integer, ByteBuffer> buffers) {
    long start = System.nanoTime();
    batch.forEach(work -> counters.queued(start - work.arrival()));
    if (batch.size() == 1) {
      Work work = batch.get(0);
      ModelSession.Run run = session.run(work.inputs());
      counters.executed(Math.max(1, work.batch()), run);
      work.result()
          .complete(
              new Work.Outcome(run.outputs(), start, start - work.arrival(), run.inferNanos()));
      return;
    }
    ModelSession.Run run = session.run(joined(batch, buffers));
    long total = WorkQueue.size(batch);
    counters.executed(total, run);
    long offset = 0;
    for (Work work : batch) {
      work.result()
          .complete(
              new Work.Outcome(
                  part(run.outputs(), offset, work.batch(), total),
                  start,
                  start - work.arrival(),
                  run.inferNanos()));
      offset += work.batch();
    }
  }

  private static List<Tensor> joined(List<Work> batch, Map<Integer, ByteBuffer> buffers) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < batch.get(0).inputs().size(); i++) {
      int input = i;
      int bytes =
          Math.toIntExact(
              batch.stream().mapToLong(work -> work.inputs().get(input).data().remaining()).sum());
      ByteBuffer buffer = buffers.get(input);
      if (buffer == null || buffer.capacity() < bytes) {
        buffer = ByteBuffer.allocateDirect(bytes);
        buffers.put(input, buffer);
      }
      buffer.clear();
      for (Work work : batch) {
        buffer.put(work.inputs().get(input).data().duplicate());
      }
      buffer.flip();
      Tensor model = batch.get(0).inputs().get(input);
      List<Long> shape = new ArrayList<>(model.shape());
      shape.set(0, WorkQueue.size(batch));
      inputs.add(new Tensor(model.name(), model.type(), shape, buffer));
    }
    return inputs;
  }

  private static Map<String, Tensor> part(
      Map<String, Tensor> outputs, long offset, long size, long total) {
    Map<String, Tensor> parts = new LinkedHashMap<>();
    for (Tensor output : outputs.values()) {
      if (output.shape().isEmpty() || output.batch() != total) {
        throw new IllegalStateException(
            "output " + output.name() + " " + output.shape() + " (expected: batch " + total + ")");
      }
      int bytes = Math.toIntExact(output.data().remaining() / total);
      List<Long> shape = new ArrayList<>(output.shape());
      shape.set(0, size);
      parts.put(
          output.name(),
          new Tensor(
              output.name(),
              output.type(),
              shape,
              output.data().slice((int) offset * bytes, (int) size * bytes)));
    }
    return parts;
  }

  /** Runs what is queued, then ends the threads and waits for them. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
