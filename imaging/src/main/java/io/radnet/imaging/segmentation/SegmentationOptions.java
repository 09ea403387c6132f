package io.radnet.imaging.segmentation;

import java.time.Instant;

/**
 * What a DICOM SEG says about its making.
 *
 * @param algorithmName of the model, such as {@code liver}
 * @param algorithmVersion of the model
 * @param created date and time of the content, UTC; it enters the UIDs too
 * @param keepPatient whether patient name, id, birth date and sex, and the study's date, id and
 *     accession number, are copied from the source. An archive files an object by them; without
 *     them they stay empty, and only the UIDs tie it to its study
 */
public record SegmentationOptions(
    String algorithmName, String algorithmVersion, Instant created, boolean keepPatient) {
  /** Checks the name. */
  public SegmentationOptions {
    if (algorithmName.isBlank()) {
      throw new IllegalArgumentException("algorithm name: blank (expected: the model's name)");
    }
  }
}
