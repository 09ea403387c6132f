package io.radnet.server.web;

import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanReceiver;
import io.radnet.server.scan.ScanView;
import java.util.function.ObjIntConsumer;

/** The server's way to work on scans, as far as the page needs it. */
public interface WebScans {
  /**
   * Takes the parts of one scan, within the server's limits.
   *
   * @throws io.radnet.server.model.RequestException where the server is full
   */
  ScanReceiver receiver();

  /**
   * Works on a scan and waits for the end.
   *
   * @param segmentation name of a model, {@code -} for none, empty for the only one, if there is
   *     one
   * @param labels likewise
   * @param progress told the number of all windows and of those done
   */
  ScanView view(
      ReceivedScan scan, String segmentation, String labels, ObjIntConsumer<Integer> progress);

  /** What the page shows of the server, as JSON. */
  String status();
}
