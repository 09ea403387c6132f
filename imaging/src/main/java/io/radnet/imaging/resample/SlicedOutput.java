package io.radnet.imaging.resample;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** One slice on its way into something else than a float array; used by one thread at a time. */
final class SlicedOutput implements ResamplePlan.SliceSink {
  private final float[] slice;
  private final byte[] bytes;
  private Output out = new Output.Floats(new float[0], 0);

  SlicedOutput(int plane) {
    this.slice = new float[plane];
    this.bytes = new byte[plane];
  }

  /** Where the next slices go. */
  void into(Output output) {
    this.out = output;
  }

  /** Gets the values of a slice before it is accepted. */
  float[] slice() {
    return slice;
  }

  @Override
  public void accept(int k) {
    int plane = slice.length;
    if (out instanceof Output.FloatsBuffer buffer) {
      FloatBuffer values = buffer.values();
      values.put(buffer.offset() + k * plane, slice, 0, plane);
      return;
    }
    for (int n = 0; n < plane; n++) {
      float value = slice[n] * 255 + 0.5f; // not a number becomes 0
      bytes[n] = (byte) (value > 0 ? Math.min(value, 255) : 0);
    }
    if (out instanceof Output.Bytes array) {
      System.arraycopy(bytes, 0, array.values(), array.offset() + k * plane, plane);
    } else if (out instanceof Output.BytesBuffer buffer) {
      ByteBuffer values = buffer.values();
      values.put(buffer.offset() + k * plane, bytes, 0, plane);
    }
  }
}
