package io.radnet.server.client;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call that streams a scan. The sender blocks while the connection is full, so a scan is never
 * held in memory twice, and it stops when the server has already answered with an error.
 */
final class SentCall<R> implements ClientResponseObserver<ScanRequest, R> {
  private final Consumer<R> answers;
  private @Nullable ClientCallStreamObserver<ScanRequest> requests;
  private @Nullable Throwable failure;
  private boolean done;

  SentCall(Consumer<R> answers) {
    this.answers = answers;
  }

  /**
   * Sends everything and waits for the end of the call.
   *
   * @throws StatusException where the call failed
   * @throws IOException where the scan cannot be read
   */
  void send(
      Function<StreamObserver<R>, StreamObserver<ScanRequest>> method,
      ScanSource scan,
      ScanOptions options)
      throws IOException, StatusException {
    StreamObserver<ScanRequest> observer = method.apply(this);
    try {
      ScanOptions announced = options.toBuilder().setScanBytes(scan.bytes()).build();
      post(observer, ScanRequest.newBuilder().setOptions(announced).build());
      scan.send(part -> post(observer, part));
    } catch (IOException | RuntimeException unreadable) {
      observer.onError(Status.CANCELLED.withDescription("not sent to its end").asException());
      throw unreadable;
    }
    synchronized (this) {
      if (!done) {
        observer.onCompleted();
      }
      while (!done) {
        pause();
      }
      if (failure != null) {
        throw Status.fromThrowable(failure).asException(Status.trailersFromThrowable(failure));
      }
    }
  }

  private void post(StreamObserver<ScanRequest> observer, ScanRequest part) {
    synchronized (this) {
      while (!done && requests != null && !requests.isReady()) {
        pause();
      }
      if (done) {
        return;
      }
    }
    observer.onNext(part);
  }

  private void pause() {
    try {
      wait();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ScanRequest> call) {
    requests = call;
    call.setOnReadyHandler(this::wake);
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public void onNext(R answer) {
    answers.accept(answer);
  }

  @Override
  public synchronized void onError(Throwable thrown) {
    failure = thrown;
    done = true;
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    done = true;
    notifyAll();
  }
}
