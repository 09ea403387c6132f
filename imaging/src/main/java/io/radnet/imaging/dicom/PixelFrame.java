package io.radnet.imaging.dicom;

/**
 * One decoded frame: stored values, before rescale, rows top down.
 *
 * @param rows height
 * @param columns width
 * @param samples values per pixel: 1 for grey, 3 for colour (interleaved; RGB where a JPEG decoder
 *     converted it, else as stored)
 * @param values {@code rows * columns * samples} stored values, sign extended where the pixels are
 *     signed; unsigned values of 32 bits keep their bits and read as negative from 2^31 on; empty
 *     where {@code floats} has them
 * @param floats values of float pixel data, else empty
 */
public record PixelFrame(int rows, int columns, int samples, int[] values, float[] floats) {}
