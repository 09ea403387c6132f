package io.radnet.trainer.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one epoch in order, prepared ahead by threads of their own. Order and augmentation
 * depend on seed and epoch only, never on the threads, so that a resumed run sees the same numbers.
 */
public final class Batches implements AutoCloseable {
  private static final int AHEAD = 4;

  private final List<Sample> samples;
  private final PlaneReduction reduction;
  private final int batchSize;
  private final Optional<Augmentation> augmentation;
  private final long epochSeed;
  private final int[] order;
  private final ExecutorService threads;
  private final Deque<Future<Batch>> ready = new ArrayDeque<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private @Nullable ByteBuffer taken;
  private int submitted;
  private long waitedNanos;

  /**
   * @param samples of the split
   * @param reduction of each volume, before the augmentation
   * @param batchSize volumes per batch; the last batch may be smaller
   * @param augmentation of volumes as reduced: changes to draw, and then the order is shuffled too;
   *     empty leaves both alone
   * @param seed of the run
   * @param epoch counted from 1
   * @param threadCount threads that prepare
   */
  public Batches(
      List<Sample> samples,
      PlaneReduction reduction,
      int batchSize,
      Optional<Augmentation> augmentation,
      long seed,
      int epoch,
      int threadCount) {
    this.samples = List.copyOf(samples);
    this.reduction = reduction;
    this.batchSize = batchSize;
    this.augmentation = augmentation;
    this.epochSeed = new SplittableRandom(seed).nextLong() + 0x9E3779B97F4A7C15L * epoch;
    this.order =
        augmentation.isPresent() ? shuffled(samples.size(), epochSeed) : range(samples.size());
    this.threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              Thread thread = new Thread(task, "batches");
              thread.setDaemon(true);
              return thread;
            });
    while (submitted < Math.min(AHEAD, count())) {
      submit();
    }
  }

  private static int[] range(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    return order;
  }

  private static int[] shuffled(int size, long seed) {
    int[] order = range(size);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  /** The number of batches. */
  public int count() {
    return (samples.size() + batchSize - 1) / batchSize;
  }

  /** Whether all were taken. */
  public boolean done() {
    return ready.isEmpty();
  }

  /**
   * The next batch; waits until it is prepared. Its buffer is used again after the next call, so
   * that the memory of a run stays at a few batches.
   */
  public Batch take() throws InterruptedException {
    long start = System.nanoTime();
    if (taken != null) {
      give(taken);
      taken = null;
    }
    Future<Batch> next = ready.remove();
    if (submitted < count()) {
      submit();
    }
    try {
      Batch batch = next.get();
      taken = batch.volumes();
      return batch;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a batch could not be prepared", e.getCause());
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
  }

  /** The time that {@link #take} has waited for data so far. */
  public double waitedSeconds() {
    return waitedNanos / 1e9;
  }

  private void submit() {
    int index = submitted++;
    ready.add(threads.submit(() -> prepare(index)));
  }

  private Batch prepare(int index) {
    int first = index * batchSize;
    int size = Math.min(batchSize, order.length - first);
    List<Target> targets = new ArrayList<>(size);
    ByteBuffer bytes = null;
    FloatBuffer volumes = null;
    for (int n = 0; n < size; n++) {
      int position = order[first + n];
      Sample sample = samples.get(position);
      float[] values = reduction.apply(sample.input().read());
      Target target = sample.target();
      if (augmentation.isPresent()) {
        SplittableRandom random =
            new SplittableRandom(epochSeed ^ (position + 1) * 0xD1342543DE82EF95L);
        Augmentation.Result changed = augmentation.get().apply(values, target, random);
        values = changed.values();
        target = changed.target();
      }
      if (bytes == null || volumes == null) {
        bytes = buffer(Float.BYTES * batchSize * values.length);
        bytes.limit(Float.BYTES * size * values.length);
        volumes = bytes.asFloatBuffer();
      }
      volumes.put(values);
      targets.add(target);
    }
    if (bytes == null) {
      throw new IllegalStateException("a batch has at least one volume");
    }
    return new Batch(bytes, reduction.grid(), targets);
  }

  private synchronized ByteBuffer buffer(int size) {
    ByteBuffer buffer = free.poll();
    return buffer == null
        ? ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder())
        : buffer.clear();
  }

  private synchronized void give(ByteBuffer buffer) {
    free.push(buffer);
  }

  @Override
  public void close() {
    ready.forEach(future -> future.cancel(true));
    ready.clear();
    threads.shutdownNow();
  }
}
