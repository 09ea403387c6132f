package io.radnet.trainer.data;

import io.radnet.imaging.volume.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
   * Where the slices of {@link #read} lie: the centre of the first voxel of each, LPS mm, in the
   * volume's order. Empty where the file knows an even grid only, as NIfTI does.
   */
  default List<double[]> slices(Path path, String uid) throws IOException {
    return List.of();
  }

  /**
   * The files of a series, in a fixed order.
   *
   * @param path the folder or file that holds the series, perhaps among others
   * @param uid which series, where {@code path} holds several; empty for the only one
   * @param instances of the series; where the folder has as many files, they are it
   * @throws io.radnet.imaging.InvalidInputException where there is no such series
   */
  List<Path> files(Path path, String uid, int instances) throws IOException;

  /**
   * What tells a scan's patient from others; never shown to anyone. Empty where the file does not
   * say.
   *
   * @param file one of the scan
   * @throws io.radnet.imaging.InvalidInputException where the file cannot be read
   */
  Optional<String> patient(Path file);
}
