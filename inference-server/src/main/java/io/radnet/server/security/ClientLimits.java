package io.radnet.server.security;

/**
 * What one client may take of a server.
 *
 * @param calls under way at a time, 0 for no limit
 * @param rate of calls begun per second on average, 0 for no limit; a burst of two seconds' worth,
 *     at least one call, is allowed
 */
public record ClientLimits(int calls, double rate) {
  /** No limits. */
  public static final ClientLimits NONE = new ClientLimits(0, 0);

  /** Checks the range. */
  public ClientLimits {
    if (calls < 0 || !(rate >= 0)) {
      throw new IllegalArgumentException(
          "calls: " + calls + ", rate: " + rate + " (expected: >= 0)");
    }
  }

  double burst() {
    return Math.max(1, 2 * rate);
  }
}
