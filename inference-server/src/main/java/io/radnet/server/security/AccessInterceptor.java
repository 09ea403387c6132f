package io.radnet.server.security;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.radnet.server.telemetry.Traces;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Asks {@link Access} about every gRPC call, and counts the calls under way. */
public final class AccessInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> TRACE_PARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  /** What becomes of a call that is refused. */
  @FunctionalInterface
  public interface Refusal {
    /** The answer to the caller. */
    StatusRuntimeException answer(String call, String client, RuntimeException refused);
  }

  private final Access access;
  private final CallsUnderWay underWay;
  private final Refusal refusal;

  /**
   * @param refusal told of each call that is refused; says how to answer it
   */
  public AccessInterceptor(Access access, CallsUnderWay underWay, Refusal refusal) {
    this.access = access;
    this.underWay = underWay;
    this.refusal = refusal;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Permission permission = MethodPermissions.of(call.getMethodDescriptor().getFullMethodName());
    Access.Pass pass;
    CallsUnderWay.Call counted = CallsUnderWay.UNCOUNTED;
    try {
      // Health and reflection keep streams open for as long as they like: no stop waits for them.
      if (permission == Permission.INFER || permission == Permission.ADMINISTER) {
        counted = underWay.begin();
      }
      pass = access.enter(credentials(call, headers), permission);
    } catch (RuntimeException refused) {
      counted.close();
      StatusRuntimeException status =
          refusal.answer(
              String.valueOf(call.getMethodDescriptor().getBareMethodName()),
              address(call),
              refused);
      Metadata trailers = status.getTrailers();
      call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
    CallsUnderWay.Call accepted = counted;
    String caller = headers.get(TRACE_PARENT);
    Context context =
        Context.current()
            .withValue(Client.CURRENT, pass.client())
            .withValue(Traces.CALLER, caller == null ? "" : caller);
    Runnable end =
        () -> {
          pass.close();
          accepted.close();
        };
    // The end of a call is its close or its cancellation, whichever comes first; both may come.
    ServerCall<Q, R> watched =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            pass.close();
          }
        };
    try {
      return new Watched<>(Contexts.interceptCall(context, watched, headers, next), end);
    } catch (RuntimeException failure) {
      end.run();
      throw failure;
    }
  }

  private static Access.Credentials credentials(ServerCall<?, ?> call, Metadata headers) {
    return new Access.Credentials(
        Optional.ofNullable(headers.get(AUTHORIZATION)),
        certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)),
        address(call));
  }

  private static String address(ServerCall<?, ?> call) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return remote instanceof InetSocketAddress internet
        ? internet.getAddress().getHostAddress()
        : "local";
  }

  /** The subject of the certificate that a client has shown and that was found valid. */
  public static Optional<Principal> certificate(
      @org.jspecify.annotations.Nullable SSLSession session) {
    try {
      return session == null ? Optional.empty() : Optional.of(session.getPeerPrincipal());
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  /** Ends the count when the transport is done with the call: its last byte is on its way then. */
  private static final class Watched<Q>
      extends io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
    private final Runnable end;

    Watched(ServerCall.Listener<Q> listener, Runnable end) {
      super(listener);
      this.end = end;
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        end.run();
      }
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        end.run();
      }
    }
  }
}
