package io.radnet.server;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Watches tensors on their way, which nobody but the transport sees before they are complete: ends
 * calls whose sender stops in the middle of a request, and calls for whose bytes there is no room.
 * Calls that carry scans watch themselves.
 */
final class ArrivalWatch extends ServerStreamTracer.Factory implements ServerInterceptor {
  private static final Context.Key<Arrival> ARRIVAL = Context.key("arrival");
  private static final String TENSORS = GRPCInferenceServiceGrpc.SERVICE_NAME;

  private final ScheduledExecutorService clock;
  private final long stallNanos;
  private final ArrivalBudget<Arrival> budget;
  private final RequestLog log;

  /**
   * @param stallNanos of silence in the middle of a request that are too long
   * @param mostBytes that requests may hold together before they are read
   */
  ArrivalWatch(ScheduledExecutorService clock, long stallNanos, long mostBytes, RequestLog log) {
    this.clock = clock;
    this.stallNanos = stallNanos;
    this.budget = new ArrivalBudget<>(mostBytes);
    this.log = log;
  }

  /** Bytes of requests that were not read yet. */
  long bytes() {
    return budget.bytes();
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    Arrival arrival = new Arrival(clock, stallNanos, budget);
    if (method.startsWith(TENSORS + "/")) {
      // In the order of their arrival, whichever a thread is free for first.
      budget.begin(arrival);
    }
    return arrival;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    boolean one = method.getType().clientSendsOneMessage();
    if (!one && !TENSORS.equals(method.getServiceName())) {
      return next.startCall(call, headers);
    }
    Arrival arrival = ARRIVAL.get();
    RequestLog.Request line = log.begin(String.valueOf(method.getBareMethodName()), "");
    arrival.begin(
        one,
        failure -> {
          line.failed(failure);
          StatusRuntimeException status = Statuses.exception(failure);
          Metadata trailers = status.getTrailers();
          call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        });
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(Q request) {
        if (arrival.goOn()) {
          super.onMessage(request);
        }
        if (!one) {
          // It waits in a queue now, which has a limit of its own.
          arrival.release();
        }
      }

      @Override
      public void onHalfClose() {
        if (arrival.end()) {
          super.onHalfClose();
        }
        arrival.release();
      }
    };
  }

  /** What becomes of a request that does not arrive. */
  @FunctionalInterface
  private interface Refusal {
    void end(RequestException failure);
  }

  /** One call's request on its way, or its next one. The transport's thread tells of its bytes. */
  private static final class Arrival extends ServerStreamTracer {
    private final StallWatch watch;
    private final ArrivalBudget<Arrival> budget;
    private Refusal refusal = failure -> {};

    /** Whether it is watched, and whether it ends with its first request. */
    private boolean watched;

    private boolean one;

    /** Some of a request has come, and not all. */
    private boolean partial;

    private boolean over;
    private boolean closed;

    Arrival(ScheduledExecutorService clock, long stallNanos, ArrivalBudget<Arrival> budget) {
      this.watch = new StallWatch(clock, stallNanos, this, this::stalled);
      this.budget = budget;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(ARRIVAL, this);
    }

    synchronized void begin(boolean oneRequest, Refusal whenRefused) {
      watched = true;
      one = oneRequest;
      refusal = whenRefused;
      if (one || partial) {
        expect();
      }
    }

    private void expect() {
      // The transport may be done with a call before a thread has begun with it.
      if (!over && !closed) {
        watch.start();
      }
    }

    @Override
    public void inboundWireSize(long bytes) {
      synchronized (this) {
        if (!watched || over || closed) {
          return;
        }
        partial = true;
        expect();
      }
      // Without the lock, since those that give way have locks of their own.
      for (Arrival each : budget.add(this, bytes)) {
        each.giveWay();
      }
      synchronized (this) {
        if (over || closed) {
          budget.release(this);
        }
      }
    }

    private synchronized void giveWay() {
      if (partial && !over && !closed) {
        end(
            new RequestException(
                Reason.OVERLOADED,
                "the server holds as many bytes of requests as it may; try again later"));
      }
    }

    /** It is there; that a thread is free for it is not the sender's part. */
    @Override
    public synchronized void inboundMessageRead(int number, long wireSize, long size) {
      partial = false;
      watch.stop();
      budget.complete(this);
    }

    /** A thread has it, and waits for the sender to say that this was all. */
    synchronized boolean goOn() {
      if (one) {
        expect();
      }
      return !over;
    }

    /** All of it is there. */
    synchronized boolean end() {
      watch.stop();
      return !over;
    }

    /** What came of it is read, and counts elsewhere. */
    void release() {
      budget.release(this);
    }

    @Override
    public void streamClosed(Status status) {
      synchronized (this) {
        closed = true;
        watch.stop();
      }
      budget.release(this);
    }

    private void stalled() {
      end(
          new RequestException(
              Reason.TIMED_OUT, "nothing of the request for " + watch.seconds() + " s"));
    }

    private void end(RequestException failure) {
      over = true;
      watch.stop();
      budget.release(this);
      refusal.end(failure);
    }
  }
}
