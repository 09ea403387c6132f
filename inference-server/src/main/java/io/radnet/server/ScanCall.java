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
    if (ended || receiver == null) {
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
    if (!ended) {
      ended = true;
      release();
    }
  }

  @Override
  public synchronized void onCompleted() {
    if (ended || receiver == null) {
      return;
    }
    ended = true;
    watch.stop();
    ScanReceiver complete = receiver;
    receiver = null;
    try {
      ReceivedScan scan = complete.finish();
      workers.execute(context, () -> work(scan, complete));
    } catch (RuntimeException | OutOfMemoryError refused) {
      refusals.accept(complete.options(), refused);
      complete.close();
      responses.onError(Statuses.exception(refused));
    }
  }

  private void work(ReceivedScan scan, ScanReceiver complete) {
    try (complete) {
      answer.run(scan, context::isCancelled, responses);
    } catch (RuntimeException | OutOfMemoryError failure) {
      responses.onError(Statuses.exception(failure));
    }
  }

  private synchronized void fail(Throwable refused) {
    ended = true;
    refusals.accept(
        receiver == null ? ScanOptions.getDefaultInstance() : receiver.options(), refused);
    release();
    responses.onError(Statuses.exception(refused));
  }

  private void release() {
    watch.stop();
    if (receiver != null) {
      receiver.close();
      receiver = null;
    }
  }
}
