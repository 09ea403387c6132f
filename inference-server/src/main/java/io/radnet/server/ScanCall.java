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
import java.util.Iterator;
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
  /** Does the work; may tell its progress meanwhile, and returns what is sent after that. */
  @FunctionalInterface
  interface Answer<R> {
    Iterator<R> run(
        ReceivedScan scan, BooleanSupplier cancelled, ServerCallStreamObserver<R> responses);
  }

  /** Sent but not yet on the connection; with gRPC's own 32 KiB each part of an answer waits. */
  private static final int UNSENT_BYTES = 2 << 20;

  private final ServerCallStreamObserver<R> responses;
  private final ScanWorkers workers;
  private final Answer<R> answer;
  private final BiConsumer<ScanOptions, Throwable> refusals;
  private final Context context = Context.current();
  private final StallWatch watch;
  private @Nullable ScanReceiver receiver;
  private ScanWorkers.@Nullable Task waiting;
  private @Nullable Iterator<R> answers;
  private boolean received;
  private boolean gone;
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
    this.responses.setOnReadyHandler(this::send);
    this.responses.setOnReadyThreshold(UNSENT_BYTES);
    try {
      this.receiver = receivers.get();
      watch.start();
    } catch (RequestException overloaded) {
      fail(overloaded);
    }
  }

  private void stalled() {
    String what = received ? "nothing of the answer was taken for " : "no part of the scan for ";
    fail(new RequestException(Reason.TIMED_OUT, what + watch.seconds() + " s"));
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
    gone = true;
    if (ended) {
      return;
    }
    if (waiting != null && workers.remove(waiting)) {
      refusals.accept(options(), new RequestException(Reason.CANCELLED, "cancelled"));
    } else if (received && answers == null) {
      // The worker sees it between two windows, and its end releases the scan.
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
    try {
      ReceivedScan scan = receiver.finish();
      watch.stop();
      waiting = workers.execute(context, options().getPriority(), () -> work(scan));
    } catch (RuntimeException | OutOfMemoryError refused) {
      fail(refused);
    }
  }

  private void work(ReceivedScan scan) {
    try {
      begin(answer.run(scan, context::isCancelled, responses));
    } catch (RuntimeException | Error failure) {
      end(failure);
    }
  }

  private synchronized void begin(Iterator<R> all) {
    if (gone || context.isCancelled()) {
      end(new RequestException(Reason.CANCELLED, "cancelled"));
      return;
    }
    answers = all;
    watch.start();
    send();
  }

  /** As much as the reader takes now, so that what waits for a slow one stays in the budget. */
  private synchronized void send() {
    Iterator<R> rest = answers;
    if (rest == null) {
      return;
    }
    while (rest.hasNext() && responses.isReady()) {
      responses.onNext(rest.next());
      watch.touch();
    }
    if (!rest.hasNext()) {
      end(null);
    }
  }

  private synchronized void end(@Nullable Throwable failure) {
    ended = true;
    release();
    if (failure == null) {
      responses.onCompleted();
    } else {
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
    answers = null;
  }
}
