package io.radnet.imaging.labels;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Stable stand-ins for UIDs: {@code 2.25.} and the first 16 bytes of the SHA-256 of salt and UID,
 * the form that DICOM PS3.5 B.2 gives to UUIDs. Without the salt nobody can test a guessed UID.
 */
public final class Pseudonyms {
  private static final int BYTES = 16;

  private final String salt;

  /** Stand-ins with this salt. */
  public Pseudonyms(String salt) {
    this.salt = salt;
  }

  /** The stand-in of a UID. */
  public String of(String uid) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((salt + "\n" + uid).getBytes(StandardCharsets.UTF_8));
      return "2.25." + new BigInteger(1, Arrays.copyOf(hash, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /** The row with a stand-in for its UID. */
  SeriesLabels of(SeriesLabels row) {
    return new SeriesLabels(
        of(row.seriesUid()),
        row.path(),
        row.modality(),
        row.sequence(),
        row.fatSuppressed(),
        row.view(),
        row.oblique(),
        row.contrast(),
        row.regions(),
        row.spacingMm(),
        row.spacingSource(),
        row.spacingUniform(),
        row.tiltDegrees(),
        row.inPlaneSpacingMm(),
        row.nInstances(),
        row.nSlices(),
        row.nVolumes(),
        row.rejected(),
        row.evidence());
  }
}
