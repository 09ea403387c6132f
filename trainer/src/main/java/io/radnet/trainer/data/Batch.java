package io.radnet.trainer.data;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Volumes that go through the network together.
 *
 * @param volumes [N, 1, D, H, W], float32 in native order; a direct buffer that an array may use
 *     without copying. Read it through a duplicate
 * @param targets one per volume
 */
public record Batch(ByteBuffer volumes, List<Target> targets) {
  /** Copies the list. */
  public Batch {
    targets = List.copyOf(targets);
  }

  /** The number of volumes. */
  public int size() {
    return targets.size();
  }
}
