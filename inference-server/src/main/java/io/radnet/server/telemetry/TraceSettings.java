package io.radnet.server.telemetry;

import java.net.URI;
import java.util.Optional;

/**
 * Where traces go.
 *
 * @param endpoint of OTLP over HTTP; empty for no traces
 * @param ratio share of requests that are traced where the caller does not decide it, 0 to 1
 */
public record TraceSettings(Optional<URI> endpoint, double ratio) {
  /** No traces. */
  public static final TraceSettings OFF = new TraceSettings(Optional.empty(), 0);

  /** Checks the range. */
  public TraceSettings {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: " + ratio + " (expected: 0 to 1)");
    }
  }
}
