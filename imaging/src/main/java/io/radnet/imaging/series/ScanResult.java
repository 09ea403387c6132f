package io.radnet.imaging.series;

import java.util.List;

/**
 * What was found.
 *
 * @param series sorted by path, then UID
 * @param skipped files that are no readable DICOM instance, sorted by name
 * @param files all files that were looked at
 */
public record ScanResult(List<Series> series, List<Skipped> skipped, long files) {
  /** Copies the lists. */
  public ScanResult {
    series = List.copyOf(series);
    skipped = List.copyOf(skipped);
  }
}
