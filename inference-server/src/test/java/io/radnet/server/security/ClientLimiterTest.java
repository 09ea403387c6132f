package io.radnet.server.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.server.model.RequestException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What one client may take. */
final class ClientLimiterTest {
  private final AtomicLong nanos = new AtomicLong();

  private static void refused(ClientLimiter limiter, String client) {
    assertThatThrownBy(() -> limiter.begin(client))
        .isInstanceOf(RequestException.class)
        .hasMessageStartingWith("client limit");
  }

  @Test
  void limitsCallsUnderWayOfEachClientAlone() {
    ClientLimiter limiter = new ClientLimiter(new ClientLimits(2, 0), nanos::get);
    limiter.begin("a");
    limiter.begin("a");
    refused(limiter, "a");
    limiter.begin("b");
    limiter.end("a");
    limiter.begin("a");
    refused(limiter, "a");
  }

  @Test
  void limitsTheRateAndAllowsABurst() {
    ClientLimiter limiter = new ClientLimiter(new ClientLimits(0, 2), nanos::get);
    for (int n = 0; n < 4; n++) {
      limiter.begin("a");
    }
    refused(limiter, "a");
    nanos.addAndGet(500_000_000L);
    limiter.begin("a");
    refused(limiter, "a");
    nanos.addAndGet(60_000_000_000L);
    for (int n = 0; n < 4; n++) {
      limiter.begin("a");
    }
    refused(limiter, "a");
  }

  @Test
  void forgetsClientsThatTakeNothing() {
    ClientLimiter limiter = new ClientLimiter(new ClientLimits(1, 0), nanos::get);
    limiter.begin("stays");
    for (int n = 0; n < 30_000; n++) {
      limiter.begin("c" + n);
      limiter.end("c" + n);
    }
    refused(limiter, "stays");
    assertThatCode(() -> limiter.begin("c1")).doesNotThrowAnyException();
  }
}
