package io.radnet.imaging.volume;

/**
 * Stored voxel values, i fastest, then j, then k. The arrays are shared, not copied: treat them as
 * read-only.
 */
public sealed interface Voxels {
  /** The number of voxels. */
  int length();

  /** The stored value at a linear index, before slope and intercept. */
  double stored(int index);

  /**
   * Signed 16 bit. Unsigned 16-bit pixels are held here less 32768, which the intercept gives back.
   */
  record Int16(short[] values) implements Voxels {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public double stored(int index) {
      return values[index];
    }
  }

  /** Unsigned 8 bit. */
  record UInt8(byte[] values) implements Voxels {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public double stored(int index) {
      return values[index] & 0xff;
    }
  }

  /**
   * 32-bit floating point: also for 32-bit integers and for series whose slope differs per slice.
   */
  record Float32(float[] values) implements Voxels {
    @Override
    public int length() {
      return values.length;
    }

    @Override
    public double stored(int index) {
      return values[index];
    }
  }
}
