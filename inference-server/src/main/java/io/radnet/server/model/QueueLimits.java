package io.radnet.server.model;

/**
 * How much work may wait in front of one model; more is refused at once.
 *
 * @param requests pieces of work, where the model's configuration says nothing
 * @param bytes of all waiting inputs together
 */
public record QueueLimits(int requests, long bytes) {
  /** Checks the range. */
  public QueueLimits {
    if (requests < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "queue limits: " + requests + ", " + bytes + " (expected: >= 1)");
    }
  }
}
