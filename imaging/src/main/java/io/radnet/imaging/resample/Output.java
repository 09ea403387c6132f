package io.radnet.imaging.resample;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Where resampled voxels go: a caller's array or buffer, on the heap or direct, layout [D, H, W]
 * from {@code offset} on. Slabs of it are written by several threads at once; a buffer's position
 * is neither used nor moved, its limit holds.
 */
public sealed interface Output {
  /** Voxels that fit. */
  int room();

  /** A float array: slabs are written in place. */
  record Floats(float[] values, int offset) implements Output {
    @Override
    public int room() {
      return offset < 0 ? -1 : values.length - offset;
    }
  }

  /** A float buffer, such as a direct one that a runtime takes without a copy. */
  record FloatsBuffer(FloatBuffer values, int offset) implements Output {
    @Override
    public int room() {
      return offset < 0 ? -1 : values.limit() - offset;
    }
  }

  /** Unsigned bytes: 0 to 1 becomes 0 to 255, rounded half up; what lies beyond is cut. */
  record Bytes(byte[] values, int offset) implements Output {
    @Override
    public int room() {
      return offset < 0 ? -1 : values.length - offset;
    }
  }

  /** As {@link Bytes}, into a buffer. */
  record BytesBuffer(ByteBuffer values, int offset) implements Output {
    @Override
    public int room() {
      return offset < 0 ? -1 : values.limit() - offset;
    }
  }
}
