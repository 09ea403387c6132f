package io.radnet.server;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The other side of a call, which takes answers only as long as a test lets it. */
final class FakeResponses<T> extends ServerCallStreamObserver<T> {
  final List<T> answers = new CopyOnWriteArrayList<>();
  final CompletableFuture<Boolean> end = new CompletableFuture<>();

  /** How many answers are taken before the reader is busy. */
  volatile int room = Integer.MAX_VALUE;

  /** How many parts were asked for. */
  volatile int requested;

  private Runnable ready = () -> {};
  private Runnable cancel = () -> {};

  /** The reader takes so many more answers. */
  void take(int more) {
    room = answers.size() + more;
    ready.run();
  }

  /** The other side goes away. */
  void goAway() {
    cancel.run();
  }

  @Override
  public void onNext(T answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    end.complete(true);
  }

  @Override
  public boolean isReady() {
    return answers.size() < room;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    cancel = handler;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    ready = handler;
  }

  @Override
  public void setOnReadyThreshold(int bytes) {}

  @Override
  public void setCompression(String name) {}

  @Override
  public void disableAutoRequest() {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {
    requested += count;
  }

  @Override
  public void setMessageCompression(boolean enable) {}
}
