package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ScanOptions;
import java.util.List;

/**
 * A scan as it was sent, complete.
 *
 * @param options of the call
 * @param content in one of three forms
 * @param receiveNanos from the first part to the last
 */
public record ReceivedScan(ScanOptions options, Content content, long receiveNanos) {
  /** The bytes in one of three forms. */
  public sealed interface Content {}

  /** DICOM instances, one Part 10 object each. */
  record Dicom(List<InstanceSource> instances) implements Content {}

  /** One .nii or .nii.gz file. */
  record Nifti(ByteString bytes) implements Content {}

  /** Voxels, little-endian. */
  record Raw(RawHeader header, ByteString voxels) implements Content {}
}
