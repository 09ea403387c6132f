package io.radnet.imaging.dicom;

/**
 * One decoded frame: stored values, before rescale, rows top down.
 *
 * @param rows height
 * @param columns width
 * @param samples values per pixel: 1 for grey, 3 for colour (interleaved)
 * @param values {@code rows * columns * samples} stored values, sign extended where the pixels are
 *     signed; empty where {@code floats} has them
 * @param floats values of float pixel data, else empty
 */
public record PixelFrame(int rows, int columns, int samples, int[] values, float[] floats) {}
