package io.radnet.server.telemetry;

import java.util.Locale;

/** The steps of the road of a scan through a server, in order. */
public enum Stage {
  /** From the first part of a scan to the last. */
  RECEIVE,
  /** Headers, or a NIfTI file, into memory. */
  DECODE,
  /** Slices into a volume, pixels included. */
  ASSEMBLE,
  /** To the model's grid. */
  RESAMPLE,
  /** Waiting for a session, once per window. */
  QUEUE,
  /** Inside the network, once per window. */
  INFER,
  /** Windows back to the scan's own grid. */
  STITCH,
  /** The answer into its format. */
  ENCODE;

  /** The name in traces and logs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
