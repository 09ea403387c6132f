package io.radnet.server.model;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** One thing to run: the inputs of a request, or one window of a scan. */
public final class Work {
  /**
   * What came of it.
   *
   * @param outputs by name, in the model's order
   * @param startNanos when it left the queue, of {@link System#nanoTime}
   * @param queueNanos from arrival to start
   * @param inferNanos inside the network
   */
  public record Outcome(
      Map<String, Tensor> outputs, long startNanos, long queueNanos, long inferNanos) {}

  private final List<Tensor> inputs;
  private final int priority;
  private final long deadline;
  private final BooleanSupplier cancelled;
  private final CompletableFuture<Outcome> result = new CompletableFuture<>();
  private final long bytes;
  private final long arrival = System.nanoTime();
  private final boolean expires;
  private final boolean admitted;

  /**
   * @param inputs in the model's order
   * @param priority 1 is the highest, 0 the default
   * @param timeoutNanos after which it is not started any more, 0 for never
   * @param cancelled whether the sender has gone; asked before the run starts
   * @param admitted whether it is part of a scan that was accepted, which a full queue must not
   *     break off
   */
  public Work(
      List<Tensor> inputs,
      int priority,
      long timeoutNanos,
      BooleanSupplier cancelled,
      boolean admitted) {
    this.inputs = List.copyOf(inputs);
    this.admitted = admitted;
    this.priority = priority;
    this.expires = timeoutNanos > 0;
    this.deadline = arrival + timeoutNanos;
    this.cancelled = cancelled;
    this.bytes = inputs.stream().mapToLong(input -> input.data().remaining()).sum();
  }

  List<Tensor> inputs() {
    return inputs;
  }

  int priority() {
    return priority;
  }

  long bytes() {
    return bytes;
  }

  long arrival() {
    return arrival;
  }

  long batch() {
    return inputs.get(0).batch();
  }

  boolean admitted() {
    return admitted;
  }

  boolean abandoned() {
    return cancelled.getAsBoolean();
  }

  boolean expired(long now) {
    return left(now) < 0;
  }

  /** Nanoseconds until it expires; the largest number for never. */
  long left(long now) {
    return expires ? deadline - now : Long.MAX_VALUE;
  }

  /** Whether both can go through the network in one run, one behind the other. */
  boolean fits(Work other) {
    if (inputs.size() != other.inputs.size()) {
      return false;
    }
    for (int i = 0; i < inputs.size(); i++) {
      Tensor mine = inputs.get(i);
      Tensor theirs = other.inputs.get(i);
      if (mine.type() != theirs.type()
          || mine.shape().size() != theirs.shape().size()
          || mine.shape().isEmpty()
          || !mine.shape()
              .subList(1, mine.shape().size())
              .equals(theirs.shape().subList(1, theirs.shape().size()))) {
        return false;
      }
    }
    return true;
  }

  /** Completes with the outcome, or exceptionally. */
  public CompletableFuture<Outcome> result() {
    return result;
  }
}
