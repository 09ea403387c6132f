package io.radnet.server.client;

import io.grpc.Status;
import java.io.IOException;

/** A call that the server turned down or that did not reach it; the message is one line. */
public final class CallFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;

  /**
   * @param server {@code HOST:PORT}
   * @param status as it came
   */
  public CallFailedException(String server, Status status) {
    super(server + ": " + text(status), status.getCause());
    this.code = status.getCode();
  }

  private static String text(Status status) {
    String description = status.getDescription();
    String reason = description == null ? "" : description.lines().findFirst().orElse("");
    if (status.getCode() == Status.Code.UNAVAILABLE && reason.startsWith("io exception")) {
      return "no server answers there (start one with 'radnet serve')";
    }
    return (reason.isEmpty() ? "failed" : reason) + " (" + status.getCode() + ")";
  }

  /** The gRPC status code. */
  public Status.Code code() {
    return code;
  }
}
