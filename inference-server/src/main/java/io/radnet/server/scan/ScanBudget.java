package io.radnet.server.scan;

import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * What all scans together hold; more is refused at once, so that memory stays flat under load.
 * Where bytes run short, scans that began later and are not complete yet give way to those that
 * began earlier: otherwise scans that are received in part would take the room from each other, and
 * none would become complete.
 */
public final class ScanBudget {
  private final ScanLimits limits;
  private final List<Share> receiving = new ArrayList<>();
  private long bytes;
  private int scans;

  /** A budget with nothing taken. */
  public ScanBudget(ScanLimits limits) {
    this.limits = limits;
  }

  /**
   * Makes room for one more scan, which is received from now on.
   *
   * @param letGo drops what has come of the scan; runs on another scan's thread, so it must neither
   *     wait nor call the budget
   */
  synchronized Share open(Runnable letGo) {
    if (scans >= limits.pendingScans()) {
      throw overloaded("the server works on " + scans + " scans");
    }
    scans++;
    Share share = new Share(letGo);
    receiving.add(share);
    return share;
  }

  private static RequestException overloaded(String why) {
    return new RequestException(Reason.OVERLOADED, why + "; try again later");
  }

  /** What one scan holds. */
  final class Share {
    private final Runnable letGo;
    private long held;
    private boolean gaveWay;
    private boolean closed;

    private Share(Runnable letGo) {
      this.letGo = letGo;
    }

    /**
     * Holds so many bytes from now on, more or less than before.
     *
     * @throws RequestException where there is no room, or the scan gave way to an older one
     */
    void hold(long total) {
      synchronized (ScanBudget.this) {
        check();
        long missing = bytes - held + total - limits.pendingBytes();
        if (missing > 0) {
          makeRoom(this, missing);
        }
        bytes += total - held;
        held = total;
      }
    }

    /**
     * The scan is complete and gives way no more.
     *
     * @throws RequestException where it gave way before
     */
    void complete(long total) {
      synchronized (ScanBudget.this) {
        check();
        receiving.remove(this);
        bytes += total - held;
        held = total;
      }
    }

    private void check() {
      if (gaveWay) {
        throw overloaded(
            "the server holds "
                + (bytes >> 20)
                + " MiB of scans, and this one gave way to an older one");
      }
    }

    /** Gives everything back. */
    void close() {
      synchronized (ScanBudget.this) {
        if (!closed) {
          closed = true;
          receiving.remove(this);
          bytes -= held;
          held = 0;
          scans--;
        }
      }
    }
  }

  /**
   * The youngest first, and none where all that are younger than {@code asking} hold too little.
   */
  private void makeRoom(Share asking, long missing) {
    List<Share> younger =
        receiving.subList(receiving.indexOf(asking) + 1, receiving.size()).stream()
            .filter(share -> share.held > 0)
            .toList();
    if (younger.stream().mapToLong(share -> share.held).sum() < missing) {
      throw overloaded("the server holds " + (bytes >> 20) + " MiB of scans");
    }
    long left = missing;
    for (int n = younger.size() - 1; left > 0; n--) {
      Share last = younger.get(n);
      left -= last.held;
      bytes -= last.held;
      last.held = 0;
      last.gaveWay = true;
      last.letGo.run();
    }
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
