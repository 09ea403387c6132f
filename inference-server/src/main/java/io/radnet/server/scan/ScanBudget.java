package io.radnet.server.scan;

import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;

/** What all scans together hold; more is refused at once, so that memory stays flat under load. */
public final class ScanBudget {
  private final ScanLimits limits;
  private long bytes;
  private int scans;

  /** A budget with nothing taken. */
  public ScanBudget(ScanLimits limits) {
    this.limits = limits;
  }

  synchronized void open() {
    if (scans >= limits.pendingScans()) {
      throw new RequestException(
          Reason.OVERLOADED, "the server works on " + scans + " scans; try again later");
    }
    scans++;
  }

  synchronized void take(long more) {
    if (bytes + more > limits.pendingBytes()) {
      throw new RequestException(
          Reason.OVERLOADED,
          "the server holds " + (bytes >> 20) + " MiB of scans; try again later");
    }
    bytes += more;
  }

  synchronized void close(long taken) {
    bytes -= taken;
    scans--;
  }

  /** Bytes that scans hold now. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Scans that are received or worked on now. */
  public synchronized int scans() {
    return scans;
  }
}
