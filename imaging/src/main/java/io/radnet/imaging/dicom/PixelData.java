package io.radnet.imaging.dicom;

import java.util.List;

/**
 * Undecoded pixel data of a file.
 *
 * @param tag PixelData, FloatPixelData or DoubleFloatPixelData
 * @param encapsulated whether fragments hold compressed frames
 * @param bytes of the whole file; shared, treat as read-only
 * @param offset of native pixels in {@code bytes}
 * @param length of native pixels
 * @param fragments offset and length of each fragment but the offset table, where encapsulated
 * @param offsetTable basic offset table, may be empty
 */
public record PixelData(
    int tag,
    boolean encapsulated,
    byte[] bytes,
    int offset,
    int length,
    List<int[]> fragments,
    long[] offsetTable) {}
