package io.radnet.imaging.dicom;

import java.nio.ByteOrder;
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

  /** All elements but the pixel data. */
  public DicomDataset dataset() {
    return dataset;
  }

  /** Whether there is pixel data, read or not. */
  public boolean hasPixelData() {
    return hasPixelData;
  }

  /** The pixel data; empty after a header-only read. */
  public Optional<PixelData> pixelData() {
    return Optional.ofNullable(pixelData);
  }

  /** What is odd about the file, without values of patient attributes. */
  public List<String> warnings() {
    return warnings;
  }

  /** Byte order of native pixels. */
  ByteOrder byteOrder() {
    return "1.2.840.10008.1.2.2".equals(transferSyntaxUid)
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }
}
