package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.proto.v1.DicomChunk;
import io.radnet.proto.v1.Geometry;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.VoxelType;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.telemetry.Stage;
import io.radnet.server.telemetry.Stages;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of one scan and checks each as it comes, so that a sender that lies is stopped
 * before its bytes take memory. For one thread at a time.
 */
public final class ScanReceiver implements AutoCloseable {
  private final ScanBudget budget;
  private final ScanLimits limits;
  private final List<InstanceSource> instances = new ArrayList<>();
  private ScanOptions options = ScanOptions.getDefaultInstance();
  private ByteString pending = ByteString.EMPTY;
  private ByteString nifti = ByteString.EMPTY;
  private ByteString voxels = ByteString.EMPTY;
  private @Nullable RawHeader header;
  private long expectedVoxelBytes;
  private long taken;
  private boolean begun;
  private boolean dicom;
  private long start;
  private boolean closed;

  /**
   * @throws RequestException where the server works on as many scans as it accepts
   */
  public ScanReceiver(ScanBudget budget, ScanLimits limits) {
    this.budget = budget;
    this.limits = limits;
    budget.open();
  }

  /**
   * Takes one part.
   *
   * @throws RequestException where it does not fit the parts before it, or a limit is passed
   */
  public void accept(ScanRequest part) {
    if (!begun) {
      begun = true;
      start = System.nanoTime();
    }
    switch (part.getPartCase()) {
      case OPTIONS -> options(part.getOptions());
      case DICOM -> dicom(part.getDicom());
      case NIFTI -> {
        only(!dicom && header == null, "NIfTI");
        take(part.getNifti().size());
        nifti = nifti.concat(part.getNifti());
      }
      case RAW_HEADER -> rawHeader(part.getRawHeader());
      case RAW_VOXELS -> rawVoxels(part.getRawVoxels());
      case END_OF_SCAN ->
          throw new RequestException(Reason.INVALID, "end_of_scan is for EmbedBatch only");
      case PART_NOT_SET -> throw new RequestException(Reason.INVALID, "a part without content");
    }
  }

  private void options(ScanOptions given) {
    if (taken > 0 || header != null) {
      throw new RequestException(Reason.INVALID, "options come before the scan");
    }
    options = given;
  }

  private void dicom(DicomChunk chunk) {
    only(nifti.isEmpty() && header == null, "DICOM");
    dicom = true;
    take(chunk.getData().size());
    pending = pending.concat(chunk.getData());
    if (chunk.getEndOfInstance()) {
      if (instances.size() >= limits.instances()) {
        throw new RequestException(
            Reason.TOO_LARGE,
            "more than " + limits.instances() + " DICOM instances (the configured limit)");
      }
      instances.add(
          new InstanceSource.Memory("instance " + (instances.size() + 1), pending.toByteArray()));
      pending = ByteString.EMPTY;
    }
  }

  private void rawHeader(RawHeader given) {
    only(!dicom && nifti.isEmpty(), "raw");
    if (header != null) {
      throw new RequestException(Reason.INVALID, "two raw headers (expected: one)");
    }
    Geometry geometry = given.getGeometry();
    long bytes =
        switch (given.getType()) {
          case VOXEL_TYPE_INT16 -> 2;
          case VOXEL_TYPE_UINT8 -> 1;
          case VOXEL_TYPE_FLOAT32 -> 4;
          case VOXEL_TYPE_UNSPECIFIED, UNRECOGNIZED ->
              throw new RequestException(
                  Reason.INVALID, "raw type (expected: " + VoxelType.VOXEL_TYPE_INT16 + ", ...)");
        };
    for (int side : new int[] {geometry.getWidth(), geometry.getHeight(), geometry.getDepth()}) {
      if (side < 1 || side > 1 << 20) {
        throw new RequestException(
            Reason.INVALID, "raw geometry: side " + Integer.toUnsignedString(side));
      }
      // At most 2^30 before each factor of at most 2^20: no overflow.
      bytes = Math.min(bytes, 1L << 40) * side;
    }
    if (bytes > Math.min(limits.scanBytes(), Integer.MAX_VALUE)) {
      throw tooLarge(bytes);
    }
    header = given;
    expectedVoxelBytes = bytes;
  }

  private void rawVoxels(ByteString more) {
    if (header == null) {
      throw new RequestException(Reason.INVALID, "raw voxels before their header");
    }
    if (voxels.size() + (long) more.size() > expectedVoxelBytes) {
      throw new RequestException(
          Reason.INVALID, "raw voxels: more than " + expectedVoxelBytes + " bytes of the header");
    }
    take(more.size());
    voxels = voxels.concat(more);
  }

  private static void only(boolean alone, String form) {
    if (!alone) {
      throw new RequestException(
          Reason.INVALID, form + " after another form (expected: one form per scan)");
    }
  }

  private void take(long bytes) {
    if (taken + bytes > limits.scanBytes()) {
      throw tooLarge(taken + bytes);
    }
    budget.take(bytes);
    taken += bytes;
  }

  private RequestException tooLarge(long bytes) {
    return new RequestException(
        Reason.TOO_LARGE,
        "scan: "
            + bytes
            + " bytes (expected: <= "
            + limits.scanBytes()
            + ", the configured limit)");
  }

  /** What was sent as options so far. */
  public ScanOptions options() {
    return options;
  }

  /** Whether any part came. */
  public boolean begun() {
    return begun;
  }

  /**
   * The scan, once all parts have come.
   *
   * @throws RequestException where it is incomplete
   */
  public ReceivedScan finish() {
    if (header != null) {
      if (voxels.size() != expectedVoxelBytes) {
        throw new RequestException(
            Reason.INVALID,
            "raw voxels: " + voxels.size() + " bytes (expected: " + expectedVoxelBytes + ")");
      }
      SentBytes sent = new SentBytes(voxels);
      voxels = ByteString.EMPTY;
      return received(new ReceivedScan.Raw(header, sent));
    }
    if (!nifti.isEmpty()) {
      SentBytes sent = new SentBytes(nifti);
      nifti = ByteString.EMPTY;
      return received(new ReceivedScan.Nifti(sent));
    }
    if (!pending.isEmpty()) {
      throw new RequestException(
          Reason.INVALID,
          "the last DICOM instance is not marked as complete (end_of_instance) after "
              + instances.size()
              + " others");
    }
    if (instances.isEmpty()) {
      throw new RequestException(
          Reason.INVALID, "no scan in the call (expected: DICOM, NIfTI or raw voxels)");
    }
    return received(new ReceivedScan.Dicom(List.copyOf(instances)));
  }

  private ReceivedScan received(ReceivedScan.Content content) {
    long end = System.nanoTime();
    Stages stages = new Stages();
    stages.record(Stage.RECEIVE, start, end);
    return new ReceivedScan(options, content, taken, end - start, stages);
  }

  /** Gives the memory back to the budget; also after {@link #finish}, when the work is done. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      budget.close(taken);
    }
  }
}
