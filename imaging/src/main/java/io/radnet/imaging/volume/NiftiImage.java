package io.radnet.imaging.volume;

import java.util.List;

/**
 * The content of a NIfTI file.
 *
 * @param volumes one per time point or channel, all on one grid; at least one
 */
public record NiftiImage(List<Volume> volumes) {
  /** Copies the list. */
  public NiftiImage {
    volumes = List.copyOf(volumes);
    if (volumes.isEmpty()) {
      throw new IllegalArgumentException("volumes: 0 (expected: >= 1)");
    }
  }
}
