package io.radnet.imaging.dicom;

/**
 * One decoded frame: stored values, before rescale, rows top down.
 *
 * @param rows height
 * @param columns width
 * @param samples values per pixel: 1 for grey, 3 for colour (interleaved; RGB where a JPEG decoder
 *     converted it, else as stored)
 * @param values {@code rows * columns * samples} stored values, sign extended where the pixels are
 *     signed; empty where {@code floats} has them
 * @param wide whether values are unsigned numbers of 32 bits, which an int shows as negative from
 *     2^31 on
 * @param floats values of float pixel data, else empty
 */
public record PixelFrame(
    int rows, int columns, int samples, int[] values, boolean wide, float[] floats) {
  /** The stored value at {@code index}, whatever holds it. */
  public double value(int index) {
    if (floats.length > 0) {
      return floats[index];
    }
    return wide ? Integer.toUnsignedLong(values[index]) : values[index];
  }
}
