package io.radnet.trainer.data;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Volumes that go through the network together.
 *
 * @param volumes [N, 1, D, H, W], a direct buffer ready to be read
 * @param targets one per volume
 */
public record Batch(FloatBuffer volumes, List<Target> targets) {
  /** Copies the list. */
  public Batch {
    targets = List.copyOf(targets);
  }

  /** The number of volumes. */
  public int size() {
    return targets.size();
  }
}
