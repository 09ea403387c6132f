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
  /** The bytes that have come. */
  private static final class Parts {
    private final List<InstanceSource> instances = new ArrayList<>();
    private ByteString pending = ByteString.EMPTY;
    private ByteString nifti = ByteString.EMPTY;
    private ByteString voxels = ByteString.EMPTY;
  }

  private final ScanBudget.Share share;
  private final ScanLimits limits;
  private ScanOptions options = ScanOptions.getDefaultInstance();

  /** Another scan's thread empties it where this scan gives way; its share says so at each part. */
  private volatile Parts parts = new Parts();

  private @Nullable RawHeader header;
  private long expectedVoxelBytes;
  private long announced;
  private long taken;
  private boolean begun;
  private boolean dicom;
  private long start;

  /**
   * @throws RequestException where the server works on as many scans as it accepts
   */
  public ScanReceiver(ScanBudget budget, ScanLimits limits) {
    this.limits = limits;
    this.share = budget.open(() -> parts = new Parts());
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
      case NIFTI -> nifti(part.getNifti());
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
    long size = given.getScanBytes();
    if (size < 0 || size > limits.scanBytes()) {
      throw tooLarge(size);
    }
    announced = size;
    share.hold(size);
  }

  private void nifti(ByteString more) {
    Parts all = parts;
    only(!dicom && header == null, "NIfTI");
    take(more.size());
    all.nifti = all.nifti.concat(more);
  }

  private void dicom(DicomChunk chunk) {
    Parts all = parts;
    only(all.nifti.isEmpty() && header == null, "DICOM");
    dicom = true;
    take(chunk.getData().size());
    all.pending = all.pending.concat(chunk.getData());
    if (chunk.getEndOfInstance()) {
      if (all.instances.size() >= limits.instances()) {
        throw new RequestException(
            Reason.TOO_LARGE,
            "more than " + limits.instances() + " DICOM instances (the configured limit)");
      }
      all.instances.add(
          new InstanceSource.Memory(
              "instance " + (all.instances.size() + 1), all.pending.toByteArray()));
      all.pending = ByteString.EMPTY;
    }
  }

  private void rawHeader(RawHeader given) {
    only(!dicom && parts.nifti.isEmpty(), "raw");
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
    if (announced > 0 && bytes > announced) {
      throw moreThanAnnounced(bytes);
    }
    header = given;
    expectedVoxelBytes = bytes;
    announced = bytes;
    share.hold(bytes);
  }

  private void rawVoxels(ByteString more) {
    if (header == null) {
      throw new RequestException(Reason.INVALID, "raw voxels before their header");
    }
    Parts all = parts;
    if (all.voxels.size() + (long) more.size() > expectedVoxelBytes) {
      throw new RequestException(
          Reason.INVALID, "raw voxels: more than " + expectedVoxelBytes + " bytes of the header");
    }
    take(more.size());
    all.voxels = all.voxels.concat(more);
  }

  private static void only(boolean alone, String form) {
    if (!alone) {
      throw new RequestException(
          Reason.INVALID, form + " after another form (expected: one form per scan)");
    }
  }

  private void take(long more) {
    long all = taken + more;
    if (announced > 0 && all > announced) {
      throw moreThanAnnounced(all);
    }
    if (all > limits.scanBytes()) {
      throw tooLarge(all);
    }
    share.hold(Math.max(all, announced));
    taken = all;
  }

  private RequestException moreThanAnnounced(long bytes) {
    return new RequestException(
        Reason.INVALID, "scan: " + bytes + " bytes (scan_bytes announced " + announced + ")");
  }

  private RequestException tooLarge(long bytes) {
    return new RequestException(
        Reason.TOO_LARGE,
        "scan: "
            + Long.toUnsignedString(bytes)
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
   * @throws RequestException where it is incomplete, or gave way to an older one
   */
  public ReceivedScan finish() {
    Parts all = parts;
    share.complete(taken);
    if (header != null) {
      if (all.voxels.size() != expectedVoxelBytes) {
        throw new RequestException(
            Reason.INVALID,
            "raw voxels: " + all.voxels.size() + " bytes (expected: " + expectedVoxelBytes + ")");
      }
      SentBytes sent = new SentBytes(all.voxels);
      all.voxels = ByteString.EMPTY;
      return received(new ReceivedScan.Raw(header, sent));
    }
    if (!all.nifti.isEmpty()) {
      SentBytes sent = new SentBytes(all.nifti);
      all.nifti = ByteString.EMPTY;
      return received(new ReceivedScan.Nifti(sent));
    }
    if (!all.pending.isEmpty()) {
      throw new RequestException(
          Reason.INVALID,
          "the last DICOM instance is not marked as complete (end_of_instance) after "
              + all.instances.size()
              + " others");
    }
    if (all.instances.isEmpty()) {
      throw new RequestException(
          Reason.INVALID, "no scan in the call (expected: DICOM, NIfTI or raw voxels)");
    }
    return received(new ReceivedScan.Dicom(List.copyOf(all.instances)));
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
    share.close();
  }
}
