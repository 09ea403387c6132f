package io.radnet.server.scan;

import io.radnet.imaging.volume.LabelMap;
import java.util.BitSet;

/** Largest component and hole filling: optional last steps on a mask. */
final class MaskCleaning {
  private static final int LABELS = 256;

  private MaskCleaning() {}

  static LabelMap clean(LabelMap mask, boolean largestComponent, boolean fillHoles) {
    if (!largestComponent && !fillHoles) {
      return mask;
    }
    byte[] labels = mask.labels().clone();
    LabelMap cleaned = new LabelMap(mask.geometry(), labels, mask.names());
    if (largestComponent) {
      keepLargest(cleaned);
    }
    if (fillHoles) {
      fillHoles(cleaned);
    }
    return cleaned;
  }

  /** Keeps the largest component of each label; voxels that share a face are connected. */
  private static void keepLargest(LabelMap mask) {
    byte[] labels = mask.labels();
    int[] largest = new int[LABELS];
    int[] start = new int[LABELS];
    BitSet seen = new BitSet(labels.length);
    IntQueue queue = new IntQueue();
    for (int voxel = 0; voxel < labels.length; voxel++) {
      int label = labels[voxel] & 0xff;
      if (label != 0 && !seen.get(voxel)) {
        int size = visit(mask, voxel, seen, queue);
        if (size > largest[label]) {
          largest[label] = size;
          start[label] = voxel;
        }
      }
    }
    BitSet kept = new BitSet(labels.length);
    for (int label = 1; label < LABELS; label++) {
      if (largest[label] > 0) {
        visit(mask, start[label], kept, queue);
      }
    }
    for (int voxel = 0; voxel < labels.length; voxel++) {
      if (!kept.get(voxel)) {
        labels[voxel] = 0;
      }
    }
  }

  private static int visit(LabelMap mask, int start, BitSet seen, IntQueue queue) {
    int width = mask.geometry().width();
    int height = mask.geometry().height();
    int depth = mask.geometry().depth();
    byte label = mask.labels()[start];
    int size = 0;
    seen.set(start);
    queue.add(start);
    while (!queue.isEmpty()) {
      int voxel = queue.remove();
      size++;
      int i = voxel % width;
      int j = voxel / width % height;
      int k = voxel / width / height;
      offer(mask, voxel - 1, i > 0, label, seen, queue);
      offer(mask, voxel + 1, i < width - 1, label, seen, queue);
      offer(mask, voxel - width, j > 0, label, seen, queue);
      offer(mask, voxel + width, j < height - 1, label, seen, queue);
      offer(mask, voxel - width * height, k > 0, label, seen, queue);
      offer(mask, voxel + width * height, k < depth - 1, label, seen, queue);
    }
    return size;
  }

  private static void offer(
      LabelMap mask, int voxel, boolean inside, byte label, BitSet seen, IntQueue queue) {
    if (inside && mask.labels()[voxel] == label && !seen.get(voxel)) {
      seen.set(voxel);
      queue.add(voxel);
    }
  }

  /** Gives background that cannot reach its slice's border the label to its left. */
  private static void fillHoles(LabelMap mask) {
    int width = mask.geometry().width();
    int height = mask.geometry().height();
    byte[] labels = mask.labels();
    IntQueue queue = new IntQueue();
    for (int k = 0; k < mask.geometry().depth(); k++) {
      int base = k * width * height;
      BitSet outside = new BitSet(width * height);
      for (int i = 0; i < width; i++) {
        background(labels, base, i, outside, queue);
        background(labels, base, (height - 1) * width + i, outside, queue);
      }
      for (int j = 0; j < height; j++) {
        background(labels, base, j * width, outside, queue);
        background(labels, base, j * width + width - 1, outside, queue);
      }
      while (!queue.isEmpty()) {
        int pixel = queue.remove();
        int i = pixel % width;
        if (i > 0) {
          background(labels, base, pixel - 1, outside, queue);
        }
        if (i < width - 1) {
          background(labels, base, pixel + 1, outside, queue);
        }
        if (pixel >= width) {
          background(labels, base, pixel - width, outside, queue);
        }
        if (pixel < (height - 1) * width) {
          background(labels, base, pixel + width, outside, queue);
        }
      }
      for (int pixel = 1; pixel < width * height; pixel++) {
        if (labels[base + pixel] == 0 && !outside.get(pixel)) {
          labels[base + pixel] = labels[base + pixel - 1];
        }
      }
    }
  }

  private static void background(
      byte[] labels, int base, int pixel, BitSet outside, IntQueue queue) {
    if (labels[base + pixel] == 0 && !outside.get(pixel)) {
      outside.set(pixel);
      queue.add(pixel);
    }
  }

  /** A queue of ints that keeps its array. */
  private static final class IntQueue {
    private int[] items = new int[1024];
    private int head;
    private int size;

    boolean isEmpty() {
      return size == 0;
    }

    void add(int item) {
      if (size == items.length) {
        int[] larger = new int[items.length * 2];
        for (int n = 0; n < size; n++) {
          larger[n] = items[(head + n) % items.length];
        }
        items = larger;
        head = 0;
      }
      items[(head + size++) % items.length] = item;
    }

    int remove() {
      int item = items[head];
      head = (head + 1) % items.length;
      size--;
      return item;
    }
  }
}
