package io.radnet.server.model;

import io.radnet.server.model.RequestException.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Work that waits for a session, by level, then arrival. What its sender has given up, or what has
 * waited too long, leaves when its turn comes, or earlier where its place is needed. Not safe for
 * several threads: its owner has a lock.
 */
final class WorkQueue {
  private record Queued(Work work, long level, boolean delayed, long sequence) {}

  private static final Comparator<Queued> ORDER =
      Comparator.comparingLong(Queued::level)
          .thenComparing(Queued::delayed)
          .thenComparingLong(Queued::sequence);

  private final QueueRules rules;
  private final long maxBytes;
  private final ModelCounters counters;
  private final TreeSet<Queued> queue = new TreeSet<>(ORDER);
  private long bytes;
  private long sequence;

  /**
   * @param maxBytes of all waiting inputs together
   * @param counters count what waits
   */
  WorkQueue(QueueRules rules, long maxBytes, ModelCounters counters) {
    this.rules = rules;
    this.maxBytes = maxBytes;
    this.counters = counters;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /**
   * Lets work wait.
   *
   * @throws RequestException where the queue is full of work that somebody still waits for
   */
  void add(Work work) {
    long level = rules.level(work.priority());
    if (!work.admitted() && full(work, level) != null) {
      List.copyOf(queue).forEach(this::removeDead);
      String full = full(work, level);
      if (full != null) {
        throw new RequestException(
            Reason.OVERLOADED, "the queue is full: " + full + " wait; try again later");
      }
    }
    queue.add(new Queued(work, level, false, sequence++));
    bytes += work.bytes();
    counters.pending(1);
  }

  /** What fills it; null where there is room. */
  private @Nullable String full(Work work, long level) {
    long waiting =
        rules.hasLevels()
            ? queue.stream().filter(queued -> queued.level() == level).count()
            : queue.size();
    if (waiting >= rules.policy(level).maxRequests()) {
      return waiting + (rules.hasLevels() ? " requests of level " + level : " requests");
    }
    return !queue.isEmpty() && bytes + work.bytes() > maxBytes ? (bytes >> 20) + " MiB" : null;
  }

  /**
   * Moves the first that is still wanted to a batch; none where there is none. A batch has each
   * work before that is asked anything, so that what fails then fails with the batch and is not
   * lost.
   */
  void takeFirst(List<Work> batch) {
    while (batch.isEmpty() && !queue.isEmpty()) {
      take(queue.first(), batch);
    }
  }

  /** Moves all that fit to what is in a batch already, up to {@code most} volumes together. */
  void takeFitting(List<Work> batch, long most) {
    for (Queued queued : List.copyOf(queue)) {
      long room = most - size(batch);
      if (room < 1 || batch.isEmpty()) {
        return;
      }
      if (queued.work().batch() <= room && batch.get(0).fits(queued.work())) {
        take(queued, batch);
      }
    }
  }

  /** Takes out of a batch that waits for more what is not wanted any more. */
  void removeDead(List<Work> batch) {
    long now = System.nanoTime();
    for (Work work : List.copyOf(batch)) {
      if (refused(work, rules.policy(rules.level(work.priority())), now)) {
        batch.remove(work);
      }
    }
  }

  /** Nanoseconds until the first of a batch has waited too long; the largest number for never. */
  long untilRefusal(List<Work> batch, long now) {
    return batch.stream().mapToLong(work -> untilRefusal(work, now)).min().orElse(Long.MAX_VALUE);
  }

  private long untilRefusal(Work work, long now) {
    QueueRules.Policy policy = rules.policy(rules.level(work.priority()));
    boolean refuses = policy.timeoutNanos() > 0 && !policy.delays() && !work.admitted();
    long left = refuses ? policy.timeoutNanos() - (now - work.arrival()) : Long.MAX_VALUE;
    return Math.min(left, work.left(now));
  }

  /** Volumes of a batch. */
  static long size(List<Work> batch) {
    return batch.stream().mapToLong(Work::batch).sum();
  }

  private void take(Queued queued, List<Work> batch) {
    Work work = queued.work();
    remove(queued);
    batch.add(work);
    long now = System.nanoTime();
    QueueRules.Policy policy = rules.policy(queued.level());
    if (refused(work, policy, now)) {
      batch.remove(work);
    } else if (!queued.delayed()
        && policy.delays()
        && late(work, policy, now)
        && !queue.isEmpty()) {
      batch.remove(work);
      queue.add(new Queued(work, queued.level(), true, queued.sequence()));
      bytes += work.bytes();
      counters.pending(1);
    }
  }

  private void removeDead(Queued queued) {
    if (refused(queued.work(), rules.policy(queued.level()), System.nanoTime())) {
      remove(queued);
    }
  }

  private void remove(Queued queued) {
    queue.remove(queued);
    bytes -= queued.work().bytes();
    counters.pending(-1);
  }

  private static boolean late(Work work, QueueRules.Policy policy, long now) {
    return policy.timeoutNanos() > 0
        && !work.admitted()
        && now - work.arrival() > policy.timeoutNanos();
  }

  private static boolean refused(Work work, QueueRules.Policy policy, long now) {
    if (work.abandoned()) {
      work.result().completeExceptionally(new RequestException(Reason.CANCELLED, "cancelled"));
      return true;
    }
    if (work.expired(now) || (!policy.delays() && late(work, policy, now))) {
      work.result()
          .completeExceptionally(
              new RequestException(Reason.TIMED_OUT, "timed out while it waited in the queue"));
      return true;
    }
    return false;
  }
}
