package io.radnet.server.scan;

import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.telemetry.Stages;
import java.util.List;

/**
 * A scan as it was sent, complete.
 *
 * @param options of the call
 * @param content in one of three forms
 * @param bytes as sent
 * @param receiveNanos from the first part to the last
 * @param stages when each step of its way ran; the steps add themselves
 */
public record ReceivedScan(
    ScanOptions options, Content content, long bytes, long receiveNanos, Stages stages) {
  /** The bytes in one of three forms. */
  public sealed interface Content {}

  /** DICOM instances, one Part 10 object each. */
  record Dicom(List<InstanceSource> instances) implements Content {}

  /** One .nii or .nii.gz file. */
  record Nifti(SentBytes bytes) implements Content {}

  /** Voxels, little-endian. */
  record Raw(RawHeader header, SentBytes voxels) implements Content {}
}
