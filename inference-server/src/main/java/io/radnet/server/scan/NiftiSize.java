package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;

/**
 * What a NIfTI file unfolds to, told from the first bytes: a few compressed KiB may claim any
 * number of voxels, which must not be allocated before the claim is checked.
 */
final class NiftiSize {
  private static final int HEADER = 348;
  private static final int DIMENSIONS = 40;
  private static final int BITS_PER_VOXEL = 72;

  private NiftiSize() {}

  /**
   * @throws RequestException where the voxels take more than {@code limit} bytes
   */
  static void check(ByteString bytes, long limit) throws IOException {
    byte[] start;
    boolean compressed =
        bytes.size() > 2 && (bytes.byteAt(0) & 0xff) == 0x1f && (bytes.byteAt(1) & 0xff) == 0x8b;
    try (InputStream plain = bytes.newInput();
        InputStream in = compressed ? new GZIPInputStream(plain) : new BufferedInputStream(plain)) {
      start = in.readNBytes(HEADER);
    }
    if (start.length < HEADER) {
      throw new RequestException(
          Reason.INVALID, "NIfTI: " + start.length + " bytes (expected: at least 348)");
    }
    ByteBuffer header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != HEADER) {
      header.order(ByteOrder.BIG_ENDIAN);
    }
    int dimensions = Math.min(7, header.getShort(DIMENSIONS));
    long size = Math.max(2, header.getShort(BITS_PER_VOXEL) / 8);
    for (int axis = 1; axis <= dimensions; axis++) {
      // Each side is below 2^15, so a product below 2^40 cannot overflow here.
      size = Math.min(size, 1L << 40) * Math.max(0, header.getShort(DIMENSIONS + 2 * axis));
    }
    if (size > limit) {
      throw new RequestException(
          Reason.TOO_LARGE,
          "NIfTI: " + size + " bytes of voxels (expected: <= " + limit + ", the configured limit)");
    }
  }
}
