package io.radnet.server;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.v1.EmbedBatchResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.ScanError;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.server.model.RequestException;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanReceiver;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Many scans on one call, one under way at a time: while it is worked on the next parts wait with
 * the sender, so a long list takes no more memory than its largest scan.
 */
final class EmbedBatchCall implements StreamObserver<ScanRequest> {
  /** A complete scan that no worker may have begun with. */
  private record Waiting(ScanWorkers.Task task, ScanReceiver receiver) {}

  private final ServerCallStreamObserver<EmbedBatchResponse> responses;
  private final Supplier<ScanReceiver> receivers;
  private final ScanWorkers workers;
  private final BiFunction<ReceivedScan, BooleanSupplier, EmbedResponse> embed;
  private final Context context = Context.current();
  private final StallWatch watch;
  private @Nullable ScanReceiver receiver;
  private @Nullable Throwable refused;
  private String refusedId = "";
  private @Nullable Waiting waiting;
  private boolean busy;
  private boolean full;
  private boolean ended;

  EmbedBatchCall(
      StreamObserver<EmbedBatchResponse> responses,
      Supplier<ScanReceiver> receivers,
      ScanWorkers workers,
      ScheduledExecutorService clock,
      long stallNanos,
      BiFunction<ReceivedScan, BooleanSupplier, EmbedResponse> embed) {
    this.responses = (ServerCallStreamObserver<EmbedBatchResponse>) responses;
    this.receivers = receivers;
    this.workers = workers;
    this.embed = embed;
    this.watch = new StallWatch(clock, stallNanos, this, this::stalled);
    this.responses.disableAutoRequest();
    this.responses.setOnCancelHandler(this::cancelled);
    this.responses.setOnReadyHandler(this::readOn);
    this.responses.request(1);
  }

  @Override
  public synchronized void onNext(ScanRequest part) {
    if (ended) {
      return;
    }
    if (part.hasEndOfScan()) {
      finish();
      return;
    }
    if (refused == null) {
      try {
        watch.start();
        if (receiver == null) {
          receiver = receivers.get();
        }
        receiver.accept(part);
      } catch (RuntimeException | OutOfMemoryError failure) {
        // The rest of this scan is read and dropped; the next one has its chance.
        refused = failure;
        refusedId = id(receiver);
        release();
      }
    }
    responses.request(1);
  }

  private static String id(@Nullable ScanReceiver receiver) {
    return receiver == null ? "" : receiver.options().getRequestId();
  }

  private void finish() {
    watch.stop();
    Throwable failure = refused;
    if (failure != null) {
      refused = null;
      answer(refusedId, null, failure);
      return;
    }
    if (receiver == null) {
      answer(
          "", null, new RequestException(RequestException.Reason.INVALID, "a scan without parts"));
      return;
    }
    ScanReceiver complete = receiver;
    receiver = null;
    String id = id(complete);
    busy = true;
    try {
      ReceivedScan scan = complete.finish();
      ScanWorkers.Task task =
          workers.execute(
              context, complete.options().getPriority(), () -> work(id, scan, complete));
      waiting = new Waiting(task, complete);
    } catch (RuntimeException | OutOfMemoryError unusable) {
      complete.close();
      answer(id, null, unusable);
    }
  }

  private void work(String id, ReceivedScan scan, ScanReceiver complete) {
    EmbedResponse response = null;
    Throwable failure = null;
    try (complete) {
      response = embed.apply(scan, context::isCancelled);
    } catch (RuntimeException | Error thrown) {
      failure = thrown;
    }
    answer(id, response, failure);
  }

  private synchronized void answer(
      String id, @Nullable EmbedResponse response, @Nullable Throwable failure) {
    busy = false;
    waiting = null;
    EmbedBatchResponse.Builder answer = EmbedBatchResponse.newBuilder().setRequestId(id);
    if (response != null) {
      answer.setEmbedding(response);
    } else {
      Status status = Statuses.of(failure == null ? new IllegalStateException() : failure);
      answer.setError(
          ScanError.newBuilder()
              .setCode(status.getCode().value())
              .setMessage(String.valueOf(status.getDescription())));
    }
    responses.onNext(answer.build());
    if (ended) {
      responses.onCompleted();
    } else if (responses.isReady()) {
      responses.request(1);
    } else {
      // A sender that does not read its answers must not make the server keep them.
      full = true;
      watch.start();
    }
  }

  private synchronized void readOn() {
    if (full && !ended) {
      full = false;
      watch.stop();
      responses.request(1);
    }
  }

  private void stalled() {
    ended = true;
    release();
    String what = full ? "nothing of the answers was taken for " : "no part of the scan for ";
    responses.onError(
        Statuses.exception(
            new RequestException(
                RequestException.Reason.TIMED_OUT, what + watch.seconds() + " s")));
  }

  private void release() {
    watch.stop();
    if (receiver != null) {
      receiver.close();
      receiver = null;
    }
  }

  private synchronized void cancelled() {
    ended = true;
    release();
    Waiting scan = waiting;
    if (scan != null && workers.remove(scan.task())) {
      scan.receiver().close();
      waiting = null;
    }
  }

  @Override
  public void onError(Throwable gone) {
    cancelled();
  }

  @Override
  public synchronized void onCompleted() {
    if (ended) {
      return;
    }
    ended = true;
    if (receiver != null || refused != null) {
      release();
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("the last scan has no end_of_scan")
              .asRuntimeException());
    } else if (!busy) {
      release();
      responses.onCompleted();
    }
  }
}
