package io.radnet.server.model;

/**
 * A request that the server turns down. The message is one line that the sender can act on and
 * holds nothing of the patient.
 */
public final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; each maps to one gRPC status and one HTTP status. */
  public enum Reason {
    /** The request contradicts itself, the protocol or the model. */
    INVALID,
    /** No such model or version. */
    NOT_FOUND,
    /** Larger than the configured limit. */
    TOO_LARGE,
    /** The server has as much work as it accepts. */
    OVERLOADED,
    /** The sender went away. */
    CANCELLED,
    /** The time that the sender gave is over. */
    TIMED_OUT,
    /** The model is not ready, or the server is closing. */
    UNAVAILABLE,
    /** This server does not do that. */
    UNSUPPORTED
  }

  private final Reason reason;

  /**
   * @param reason why
   * @param message what is wrong, with actual and expected
   */
  public RequestException(Reason reason, String message) {
    super(message, null, true, reason != Reason.OVERLOADED);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
