package io.radnet.server;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanReceiver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call that carries one scan: receives the parts, hands the complete scan to the workers, and
 * ends the call once, whatever happens first.
 */
final class ScanCall<R> implements StreamObserver<ScanRequest> {
  /** Does the work; answers through the observer and completes it. */
  @FunctionalInterface
  interface Answer<R> {
    void run(ReceivedScan scan, BooleanSupplier cancelled, ServerCallStreamObserver<R> responses);
  }

  private final ServerCallStreamObserver<R> responses;
  private final ScanWorkers workers;
  private final Answer<R> answer;
  private final BiConsumer<ScanOptions, Throwable> refusals;
  private final Context context = Context.current();
  private final StallWatch watch;
  private @Nullable ScanReceiver receiver;
  private ScanWorkers.@Nullable Task waiting;
  private boolean received;
  private boolean ended;

  ScanCall(
      StreamObserver<R> responses,
      ScanWorkers workers,
      ScheduledExecutorService clock,
      long stallNanos,
      Supplier<ScanReceiver> receivers,
      Answer<R> answer,
      BiConsumer<ScanOptions, Throwable> refusals) {
    this.responses = (ServerCallStreamObserver<R>) responses;
    this.workers = workers;
    this.answer = answer;
    this.refusals = refusals;
    this.watch = new StallWatch(clock, stallNanos, this, this::stalled);
    // With a handler, answers to a sender that has gone are dropped and do not throw.
    this.responses.setOnCancelHandler(this::cancelled);
    try {
      this.receiver = receivers.get();
      watch.start();
    } catch (RequestException overloaded) {
      fail(overloaded);
    }
  }

  private void stalled() {
    fail(
        new RequestException(
            Reason.TIMED_OUT, "no part of the scan for " + watch.seconds() + " s"));
  }

  @Override
  public synchronized void onNext(ScanRequest part) {
    watch.touch();
    if (ended || received || receiver == null) {
      return;
    }
    try {
      receiver.accept(part);
    } catch (RuntimeException | OutOfMemoryError refused) {
      fail(refused);
    }
  }

  @Override
  public synchronized void onError(Throwable gone) {
    cancelled();
  }

  private synchronized void cancelled() {
    if (ended) {
      return;
    }
    if (waiting != null && workers.remove(waiting)) {
      refusals.accept(options(), new RequestException(Reason.CANCELLED, "cancelled"));
    } else if (received) {
      // The worker sees it between two windows and then releases the scan.
      return;
    }
    ended = true;
    release();
  }

  @Override
  public synchronized void onCompleted() {
    if (ended || received || receiver == null) {
      return;
    }
    received = true;
    watch.stop();
    try {
      ReceivedScan scan = receiver.finish();
      waiting = workers.execute(context, options().getPriority(), () -> work(scan));
    } catch (RuntimeException | OutOfMemoryError refused) {
      fail(refused);
    }
  }

  private void work(ReceivedScan scan) {
    Throwable failure = null;
    try {
      answer.run(scan, context::isCancelled, responses);
    } catch (RuntimeException | Error thrown) {
      failure = thrown;
    }
    end(failure);
  }

  private synchronized void end(@Nullable Throwable failure) {
    ended = true;
    release();
    if (failure != null) {
      responses.onError(Statuses.exception(failure));
    }
  }

  private ScanOptions options() {
    return receiver == null ? ScanOptions.getDefaultInstance() : receiver.options();
  }

  private synchronized void fail(Throwable refused) {
    refusals.accept(options(), refused);
    end(refused);
  }

  private void release() {
    watch.stop();
    if (receiver != null) {
      receiver.close();
      receiver = null;
    }
    waiting = null;
  }
}
