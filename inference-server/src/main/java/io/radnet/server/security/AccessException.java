package io.radnet.server.security;

/** A call that is refused because of who makes it. The message is one line for the caller. */
public final class AccessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean known;

  AccessException(String message, boolean known) {
    super(message);
    this.known = known;
  }

  /** Whether the caller is known and lacks the permission, or is not known at all. */
  public boolean known() {
    return known;
  }
}
