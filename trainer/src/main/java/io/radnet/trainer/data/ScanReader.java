package io.radnet.trainer.data;

import io.radnet.imaging.volume.Volume;
import java.io.IOException;
import java.nio.file.Path;

/** Reads scans from disk. Safe for several threads. */
public interface ScanReader {
  /**
   * The first volume of a series.
   *
   * @param path the folder or file that holds the series
   * @param uid which series, where {@code path} holds several; empty for the only one
   * @throws io.radnet.imaging.InvalidInputException where there is no such volume
   */
  Volume read(Path path, String uid) throws IOException;

  /**
   * What tells this scan's patient from others; never shown to anyone.
   *
   * @throws io.radnet.imaging.InvalidInputException where the path cannot be read
   */
  String patient(Path path);
}
