package io.radnet.server;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.radnet.imaging.InvalidInputException;
import io.radnet.server.model.RequestException;
import io.radnet.server.security.AccessException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** The one place where failures become gRPC statuses and HTTP statuses. */
final class Statuses {
  private Statuses() {}

  /** The status for a failure; its description is one line. */
  static Status of(Throwable failure) {
    if ((failure instanceof CompletionException
            || failure instanceof ExecutionException
            || failure instanceof UncheckedIOException)
        && failure.getCause() != null) {
      return of(failure.getCause());
    }
    if (failure instanceof RequestException refused) {
      return code(refused.reason()).toStatus().withDescription(refused.getMessage());
    }
    if (failure instanceof InvalidInputException invalid) {
      return Status.INVALID_ARGUMENT.withDescription(
          firstLine(String.valueOf(invalid.getMessage())));
    }
    if (failure instanceof StatusRuntimeException status) {
      return status.getStatus();
    }
    if (failure instanceof AccessException refused) {
      return (refused.known() ? Status.PERMISSION_DENIED : Status.UNAUTHENTICATED)
          .withDescription(refused.getMessage());
    }
    if (failure instanceof OutOfMemoryError) {
      return Status.RESOURCE_EXHAUSTED.withDescription(
          "the server has too little memory for this request; try again later, or with less");
    }
    // The message of an unexpected failure may hold anything, so it stays in the log.
    return Status.INTERNAL.withDescription("internal error; the server's log has the details");
  }

  /** Tells a client after how many milliseconds asking again makes sense. */
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String PAUSE_MILLIS = "1000";

  /** The failure as gRPC sends it. */
  static StatusRuntimeException exception(Throwable failure) {
    Throwable cause = RequestLog.cause(failure);
    if (cause instanceof RequestException refused
        && refused.reason() == RequestException.Reason.OVERLOADED) {
      Metadata trailers = new Metadata();
      trailers.put(PUSHBACK, PAUSE_MILLIS);
      return of(cause).asRuntimeException(trailers);
    }
    return of(cause).asRuntimeException();
  }

  /** The HTTP status that the REST form of the protocol gives for a failure. */
  static int http(Throwable failure) {
    if (RequestLog.cause(failure) instanceof RequestException refused
        && refused.reason() == RequestException.Reason.TOO_LARGE) {
      // Not 429: the same request would be refused again.
      return 413;
    }
    return switch (of(failure).getCode()) {
      case INVALID_ARGUMENT, OUT_OF_RANGE, FAILED_PRECONDITION -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case UNIMPLEMENTED -> 501;
      case RESOURCE_EXHAUSTED -> 429;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case CANCELLED -> 499;
      default -> 500;
    };
  }

  /** Whether the failure is the server's own fault and belongs in the log with its trace. */
  static boolean unexpected(Throwable failure) {
    return of(failure).getCode() == Status.Code.INTERNAL;
  }

  private static Status.Code code(RequestException.Reason reason) {
    return switch (reason) {
      case INVALID -> Status.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case TOO_LARGE, OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
      case CANCELLED -> Status.Code.CANCELLED;
      case TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
      case UNSUPPORTED -> Status.Code.UNIMPLEMENTED;
    };
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
