package io.radnet.server;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Ends calls that take one request and whose sender stops in the middle of it: nobody but the
 * transport sees the bytes that wait for the rest, so they are watched there. Calls that take many
 * requests watch themselves.
 */
final class ArrivalWatch extends ServerStreamTracer.Factory implements ServerInterceptor {
  private static final Context.Key<Arrival> ARRIVAL = Context.key("arrival");

  private final ScheduledExecutorService clock;
  private final long stallNanos;
  private final RequestLog log;

  ArrivalWatch(ScheduledExecutorService clock, long stallNanos, RequestLog log) {
    this.clock = clock;
    this.stallNanos = stallNanos;
    this.log = log;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Arrival(clock, stallNanos);
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Arrival arrival = ARRIVAL.get();
    String name = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    RequestLog.Request line = log.begin(name, "");
    arrival.begin(
        failure -> {
          line.failed(failure);
          call.close(Statuses.of(failure), new Metadata());
        });
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(Q request) {
        if (arrival.goOn()) {
          super.onMessage(request);
        }
      }

      @Override
      public void onHalfClose() {
        if (arrival.end()) {
          super.onHalfClose();
        }
      }
    };
  }

  /** What becomes of a request that does not arrive. */
  @FunctionalInterface
  private interface Stalled {
    void end(RequestException failure);
  }

  /** One request on its way. The transport's thread tells of its bytes. */
  private static final class Arrival extends ServerStreamTracer {
    private final StallWatch watch;
    private Stalled stalled = failure -> {};
    private boolean over;
    private boolean closed;

    Arrival(ScheduledExecutorService clock, long stallNanos) {
      this.watch = new StallWatch(clock, stallNanos, this, this::giveUp);
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(ARRIVAL, this);
    }

    synchronized void begin(Stalled whenStalled) {
      stalled = whenStalled;
      expect();
    }

    private void expect() {
      // The transport may be done with a call before a thread has begun with it.
      if (!over && !closed) {
        watch.start();
      }
    }

    @Override
    public synchronized void inboundWireSize(long bytes) {
      watch.touch();
    }

    /** It is there; that a thread is free for it is not the sender's part. */
    @Override
    public synchronized void inboundMessageRead(int number, long wireSize, long size) {
      watch.stop();
    }

    /** A thread has it, and waits for the sender to say that this was all. */
    synchronized boolean goOn() {
      expect();
      return !over;
    }

    /** All of it is there. */
    synchronized boolean end() {
      watch.stop();
      return !over;
    }

    @Override
    public synchronized void streamClosed(Status status) {
      closed = true;
      watch.stop();
    }

    private void giveUp() {
      over = true;
      stalled.end(
          new RequestException(
              Reason.TIMED_OUT, "nothing of the request for " + watch.seconds() + " s"));
    }
  }
}
