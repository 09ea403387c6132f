package io.radnet.server;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** How a call ends; its answers do not matter. */
final class Ending<T> implements StreamObserver<T> {
  final CompletableFuture<Status> status = new CompletableFuture<>();

  @Override
  public void onNext(T answer) {}

  @Override
  public void onError(Throwable failure) {
    status.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    status.complete(Status.OK);
  }
}
