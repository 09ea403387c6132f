package io.radnet.server.commands;

import io.grpc.Status;
import io.radnet.imaging.cli.Progress;
import io.radnet.server.client.CallFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Asks for each scan in turn. A scan that the server cannot use is named on stderr and left out; a
 * failure that would meet every scan ends the command.
 */
final class ScanLoop {
  private static final Set<Status.Code> THIS_SCAN_ONLY =
      EnumSet.of(
          Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED, Status.Code.INTERNAL);

  /** Asks for one scan. */
  @FunctionalInterface
  interface Call {
    void run(LocalScans.Scan scan) throws IOException;
  }

  private ScanLoop() {}

  /** Returns how many scans were answered; throws the failure where none was. */
  static int run(String task, List<LocalScans.Scan> scans, PrintWriter err, Call call)
      throws IOException {
    int answered = 0;
    CallFailedException last = null;
    try (Progress progress = Progress.start(task, " series", scans.size())) {
      for (LocalScans.Scan scan : scans) {
        try {
          call.run(scan);
          answered++;
        } catch (CallFailedException failure) {
          if (scans.size() == 1 || !THIS_SCAN_ONLY.contains(failure.code())) {
            throw failure;
          }
          last = failure;
          err.println("radnet: left out " + scan.path() + ": " + failure.getMessage());
          err.flush();
        }
        progress.step();
      }
    }
    if (answered == 0 && last != null) {
      throw last;
    }
    return answered;
  }
}
