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
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Many scans on one call, one under way at a time: while it is worked on the next parts wait with
 * the sender, so a long list takes no more memory than its largest scan.
 */
final class EmbedBatchCall implements StreamObserver<ScanRequest> {
  private final ServerCallStreamObserver<EmbedBatchResponse> responses;
  private final Supplier<ScanReceiver> receivers;
  private final ScanWorkers workers;
  private final BiFunction<ReceivedScan, BooleanSupplier, EmbedResponse> embed;
  private final Context context = Context.current();
  private @Nullable ScanReceiver receiver;
  private @Nullable RequestException refused;
  private boolean busy;
  private boolean ended;

  EmbedBatchCall(
      StreamObserver<EmbedBatchResponse> responses,
      Supplier<ScanReceiver> receivers,
      ScanWorkers workers,
      BiFunction<ReceivedScan, BooleanSupplier, EmbedResponse> embed) {
    this.responses = (ServerCallStreamObserver<EmbedBatchResponse>) responses;
    this.receivers = receivers;
    this.workers = workers;
    this.embed = embed;
    this.responses.disableAutoRequest();
    this.responses.setOnCancelHandler(this::cancelled);
    this.responses.request(1);
  }

  @Override
  public synchronized void onNext(ScanRequest part) {
    if (part.hasEndOfScan()) {
      finish();
      return;
    }
    if (refused == null) {
      try {
        if (receiver == null) {
          receiver = receivers.get();
        }
        receiver.accept(part);
      } catch (RequestException failure) {
        // The rest of this scan is read and dropped; the next one has its chance.
        refused = failure;
      }
    }
    responses.request(1);
  }

  private void finish() {
    ScanReceiver complete = receiver;
    RequestException failure = refused;
    receiver = null;
    refused = null;
    String id = complete == null ? "" : complete.options().getRequestId();
    if (failure != null || complete == null) {
      if (complete != null) {
        complete.close();
      }
      answer(
          id,
          null,
          failure == null
              ? new RequestException(RequestException.Reason.INVALID, "a scan without parts")
              : failure);
      return;
    }
    busy = true;
    try {
      workers.execute(context, () -> work(id, complete));
    } catch (RequestException closing) {
      complete.close();
      answer(id, null, closing);
    }
  }

  private void work(String id, ScanReceiver complete) {
    EmbedResponse response = null;
    Throwable failure = null;
    try (complete) {
      response = embed.apply(complete.finish(), context::isCancelled);
    } catch (RuntimeException | OutOfMemoryError thrown) {
      failure = thrown;
    }
    answer(id, response, failure);
  }

  private synchronized void answer(
      String id, @Nullable EmbedResponse response, @Nullable Throwable failure) {
    busy = false;
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
    } else {
      responses.request(1);
    }
  }

  private synchronized void cancelled() {
    ended = true;
    if (receiver != null) {
      receiver.close();
      receiver = null;
    }
  }

  @Override
  public void onError(Throwable gone) {
    cancelled();
  }

  @Override
  public synchronized void onCompleted() {
    ended = true;
    if (receiver != null) {
      receiver.close();
      receiver = null;
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("the last scan has no end_of_scan")
              .asRuntimeException());
    } else if (!busy) {
      responses.onCompleted();
    }
  }
}
