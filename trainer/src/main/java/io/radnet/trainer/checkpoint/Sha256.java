package io.radnet.trainer.checkpoint;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums. */
public final class Sha256 {
  private Sha256() {}

  /** Lower-case hexadecimal checksum of the remaining bytes, which stay unread. */
  public static String of(ByteBuffer bytes) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    digest.update(bytes.duplicate());
    return HexFormat.of().formatHex(digest.digest());
  }
}
