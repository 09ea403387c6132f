package io.radnet.trainer.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Volumes that go through the network together.
 *
 * @param volumes [N, 1, D, H, W], float32 in native order; a direct buffer that an array may use
 *     without copying. Read it through a duplicate
 * @param grid D, H, W
 * @param targets one per volume
 */
public record Batch(ByteBuffer volumes, List<Integer> grid, List<Target> targets) {
  /** Copies the lists. */
  public Batch {
    grid = List.copyOf(grid);
    targets = List.copyOf(targets);
  }

  /** The number of volumes. */
  public int size() {
    return targets.size();
  }

  /**
   * Cuts the batch into parts of nearly equal size that share its memory.
   *
   * @param count at most; a part holds at least one volume
   */
  public List<Batch> parts(int count) {
    int used = Math.min(count, size());
    if (used == 1) {
      return List.of(this);
    }
    int volumeBytes = volumes.remaining() / size();
    List<Batch> parts = new ArrayList<>(used);
    for (int p = 0; p < used; p++) {
      int from = p * size() / used;
      int to = (p + 1) * size() / used;
      ByteBuffer own =
          volumes.slice(volumes.position() + from * volumeBytes, (to - from) * volumeBytes);
      parts.add(new Batch(own.order(ByteOrder.nativeOrder()), grid, targets.subList(from, to)));
    }
    return parts;
  }
}
