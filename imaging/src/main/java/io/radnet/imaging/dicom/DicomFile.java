package io.radnet.imaging.dicom;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One Part 10 object: its dataset, and its pixel data where it was read in full. */
public final class DicomFile {
  private final InstanceSource source;
  private final String transferSyntaxUid;
  private final DicomDataset dataset;
  private final boolean hasPixelData;
  private final @Nullable PixelData pixelData;
  private final List<String> warnings;

  DicomFile(
      InstanceSource source,
      String transferSyntaxUid,
      DicomDataset dataset,
      boolean hasPixelData,
      @Nullable PixelData pixelData,
      List<String> warnings) {
    this.source = source;
    this.transferSyntaxUid = transferSyntaxUid;
    this.dataset = dataset;
    this.hasPixelData = hasPixelData;
    this.pixelData = pixelData;
    this.warnings = List.copyOf(warnings);
  }

  /** Where it came from. */
  public InstanceSource source() {
    return source;
  }

  /** The transfer syntax that its meta header names, or the one that was found. */
  public String transferSyntaxUid() {
    return transferSyntaxUid;
  }

  /** All elements before the pixel data. */
  public DicomDataset dataset() {
    return dataset;
  }

  /** Whether there is pixel data, read or not. */
  public boolean hasPixelData() {
    return hasPixelData;
  }

  /** Where the pixel data lies; empty after a header-only read. */
  public Optional<PixelData> pixelData() {
    return Optional.ofNullable(pixelData);
  }

  /**
   * What is odd about the file, without values of patient attributes. {@code the file is cut off}
   * where it ends before its dataset does.
   */
  public List<String> warnings() {
    return warnings;
  }
}
