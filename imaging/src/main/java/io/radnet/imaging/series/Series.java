package io.radnet.imaging.series;

import java.util.List;

/**
 * The instances of one series.
 *
 * @param uid SeriesInstanceUID, or {@code path:...} where the files carry none
 * @param path the deepest folder that holds all its files, or the file itself where there is one;
 *     relative to the scanned root
 * @param instances in the order of InstanceNumber, then of name
 */
public record Series(String uid, String path, List<Instance> instances) {
  /** Copies the list. */
  public Series {
    instances = List.copyOf(instances);
  }
}
