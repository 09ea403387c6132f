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
 */
public record ScanLimits(
    long scanBytes, long pendingBytes, int pendingScans, int instances, Duration stall) {
  /** Checks the range. */
  public ScanLimits {
    if (scanBytes < 1
        || pendingBytes < scanBytes
        || pendingScans < 1
        || instances < 1
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

  /** At most 2 GiB and a third of the heap per scan, and for all; 64 scans; a minute's pause. */
  public static ScanLimits defaults() {
    long scan = Math.min(2L << 30, Runtime.getRuntime().maxMemory() / 3);
    return new ScanLimits(scan, scan, 64, 20_000, Duration.ofSeconds(60));
  }
}
