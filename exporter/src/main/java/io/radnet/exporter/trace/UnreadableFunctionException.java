package io.radnet.exporter.trace;

/** A function did something that no operator stands for; the message says what. */
final class UnreadableFunctionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableFunctionException(String message) {
    super(message);
  }
}
