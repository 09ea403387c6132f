package io.radnet.server.security;

import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts what each client takes: calls under way, and a token bucket for calls begun. */
final class ClientLimiter {
  /** Above this many clients, those that take nothing are forgotten. */
  private static final int MANY = 10_000;

  private static final class Account {
    private int calls;
    private double credit;
    private long last;
  }

  private final ClientLimits limits;
  private final LongSupplier nanos;
  private final Map<String, Account> accounts = new HashMap<>();

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  ClientLimiter(ClientLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
  }

  /**
   * Begins a call.
   *
   * @throws RequestException where the client is over a limit
   */
  synchronized void begin(String client) {
    long now = nanos.getAsLong();
    if (accounts.size() > MANY) {
      accounts.values().removeIf(each -> each.calls == 0 && refill(each, now) >= limits.burst());
    }
    Account account =
        accounts.computeIfAbsent(
            client,
            unknown -> {
              Account fresh = new Account();
              fresh.credit = limits.burst();
              fresh.last = now;
              return fresh;
            });
    if (limits.calls() > 0 && account.calls >= limits.calls()) {
      throw new RequestException(
          Reason.OVERLOADED,
          "client limit: " + account.calls + " calls are under way; try again later");
    }
    if (limits.rate() > 0) {
      if (refill(account, now) < 1) {
        throw new RequestException(
            Reason.OVERLOADED,
            "client limit: more than " + limits.rate() + " calls per second; try again later");
      }
      account.credit--;
    }
    account.calls++;
  }

  private double refill(Account account, long now) {
    account.credit =
        Math.min(limits.burst(), account.credit + (now - account.last) / 1e9 * limits.rate());
    account.last = now;
    return account.credit;
  }

  /** Ends a call. */
  synchronized void end(String client) {
    Account account = accounts.get(client);
    if (account != null) {
      account.calls--;
    }
  }
}
