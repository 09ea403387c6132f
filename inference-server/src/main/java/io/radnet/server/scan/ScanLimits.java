package io.radnet.server.scan;

import java.time.Duration;

/**
 * Limits of the scans that a server receives.
 *
 * @param scanBytes one scan, as sent and as decoded
 * @param pendingBytes all scans that are received or worked on, as sent
 * @param pendingScans scans that are received or worked on
 * @param instances DICOM instances of one scan
 * @param stall the longest pause between two parts of a scan
 * @param cacheBytes of answers that are kept for scans that come again; 0 keeps none
 */
public record ScanLimits(
    long scanBytes,
    long pendingBytes,
    int pendingScans,
    int instances,
    Duration stall,
    long cacheBytes) {
  /** Checks the range. */
  public ScanLimits {
    if (scanBytes < 1
        || pendingBytes < scanBytes
        || pendingScans < 1
        || instances < 1
        || cacheBytes < 0
        || stall.isNegative()
        || stall.isZero()) {
      throw new IllegalArgumentException(
          "limits: scan "
              + scanBytes
              + ", pending "
              + pendingBytes
              + " bytes (expected: positive, and pending >= scan)");
    }
  }

  /** Limits of a server that keeps no answers. */
  public ScanLimits(
      long scanBytes, long pendingBytes, int pendingScans, int instances, Duration stall) {
    this(scanBytes, pendingBytes, pendingScans, instances, stall, 0);
  }

  /** At most 2 GiB and a third of the heap per scan, and for all; 64 scans; a minute's pause. */
  public static ScanLimits defaults() {
    long scan = Math.min(2L << 30, Runtime.getRuntime().maxMemory() / 3);
    return new ScanLimits(scan, scan, 64, 20_000, Duration.ofSeconds(60));
  }
}
