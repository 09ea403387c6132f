package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiImage;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import io.radnet.proto.v1.RawHeader;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.telemetry.Stage;
import io.radnet.server.telemetry.Stages;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bytes of a received scan to a volume in patient space. */
final class ScanReader {
  private static final int AFFINE_VALUES = 12;

  private ScanReader() {}

  /**
   * @param limits for what the bytes may unfold to
   * @throws io.radnet.imaging.InvalidInputException where they are no scan
   * @throws RequestException where they do not hold what the options ask for, or too much
   */
  static ReadyScan read(ReceivedScan scan, ScanLimits limits) {
    int wanted = scan.options().getVolumeIndex();
    if (scan.content() instanceof ReceivedScan.Raw raw) {
      pick(wanted, 1);
      return new ReadyScan(
          raw(raw.header(), raw.voxels().take()), 1, Optional.empty(), Optional.empty(), List.of());
    }
    if (scan.content() instanceof ReceivedScan.Nifti nifti) {
      return scan.stages().time(Stage.DECODE, () -> nifti(nifti.bytes().take(), wanted, limits));
    }
    Unfolding unfolding = new Unfolding(limits.scanBytes());
    List<InstanceSource> instances =
        ((ReceivedScan.Dicom) scan.content()).instances().stream().map(unfolding::watch).toList();
    try {
      return dicom(instances, wanted, limits, scan.stages());
    } finally {
      // Instead of what follows from it: instances that were left out, or a scan without them.
      unfolding.check();
    }
  }

  private static ReadyScan nifti(ByteString bytes, int wanted, ScanLimits limits) {
    try {
      NiftiSize.check(bytes, limits.scanBytes());
      NiftiImage image = NiftiReader.read(bytes.newInput(), "NIfTI");
      int volumes = image.volumes().size();
      pick(wanted, volumes);
      return new ReadyScan(
          image.volumes().get(wanted),
          volumes,
          Optional.empty(),
          Optional.empty(),
          volumes == 1 ? List.of() : List.of(several(volumes, wanted)));
    } catch (IOException damaged) {
      throw new RequestException(Reason.INVALID, "NIfTI: cannot be read to its end");
    }
  }

  private static ReadyScan dicom(
      List<InstanceSource> sources, int wanted, ScanLimits limits, Stages stages) {
    ScanResult found = stages.time(Stage.DECODE, () -> SeriesScanner.group(sources, 1));
    if (found.series().isEmpty()) {
      String reason = found.skipped().isEmpty() ? "" : found.skipped().get(0).reason();
      throw new RequestException(
          Reason.INVALID, "DICOM: none of " + sources.size() + " instances is usable: " + reason);
    }
    if (found.series().size() > 1) {
      throw new RequestException(
          Reason.INVALID,
          "DICOM: instances of " + found.series().size() + " series (expected: one per call)");
    }
    Series series = found.series().get(0);
    List<Stack> stacks =
        stages.time(Stage.ASSEMBLE, () -> VolumeAssembler.stacks(series)).stream()
            .filter(stack -> stack.geometry().isPresent())
            .toList();
    if (stacks.isEmpty()) {
      throw new RequestException(
          Reason.INVALID,
          "DICOM: no volume: position, orientation, pixel spacing or pixels are absent");
    }
    pick(wanted, stacks.size());
    Stack stack = stacks.get(wanted);
    stack
        .geometry()
        .ifPresent(
            geometry -> {
              if (geometry.voxels() * Short.BYTES > limits.scanBytes()) {
                throw new RequestException(
                    Reason.TOO_LARGE,
                    "DICOM: "
                        + geometry.voxels()
                        + " voxels (the configured limit is "
                        + limits.scanBytes()
                        + " bytes)");
              }
            });
    List<String> warnings = new ArrayList<>(stack.warnings());
    if (stacks.size() > 1) {
      warnings.add(several(stacks.size(), wanted));
    }
    if (!found.skipped().isEmpty()) {
      warnings.add(
          found.skipped().size() + " instances were left out: " + found.skipped().get(0).reason());
    }
    Volume volume =
        stages.time(Stage.ASSEMBLE, () -> VolumeAssembler.assemble(series, stack).volume());
    return new ReadyScan(volume, stacks.size(), Optional.of(series), Optional.of(stack), warnings);
  }

  private static String several(int volumes, int used) {
    return volumes + " volumes; number " + used + " was used (choose with volume_index)";
  }

  private static void pick(int wanted, int volumes) {
    if (wanted < 0 || wanted >= volumes) {
      throw new RequestException(
          Reason.INVALID,
          "volume_index: "
              + Integer.toUnsignedString(wanted)
              + " (expected: 0 to "
              + (volumes - 1)
              + ")");
    }
  }

  private static Volume raw(RawHeader header, ByteString bytes) {
    io.radnet.proto.v1.Geometry given = header.getGeometry();
    if (given.getAffineCount() != AFFINE_VALUES) {
      throw new RequestException(
          Reason.INVALID,
          "raw geometry: " + given.getAffineCount() + " affine values (expected: 12)");
    }
    try {
      Geometry geometry =
          new Geometry(
              given.getWidth(),
              given.getHeight(),
              given.getDepth(),
              Affine.of(given.getAffineList().stream().mapToDouble(Double::doubleValue).toArray()));
      double slope = header.getSlope() == 0 ? 1 : header.getSlope();
      return new Volume(geometry, voxels(header, bytes), slope, header.getIntercept());
    } catch (IllegalArgumentException wrong) {
      throw new RequestException(Reason.INVALID, "raw geometry: " + wrong.getMessage());
    }
  }

  private static Voxels voxels(RawHeader header, ByteString bytes) {
    var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return switch (header.getType()) {
      case VOXEL_TYPE_INT16 -> {
        short[] values = new short[bytes.size() / Short.BYTES];
        buffer.asShortBuffer().get(values);
        yield new Voxels.Int16(values);
      }
      case VOXEL_TYPE_UINT8 -> new Voxels.UInt8(bytes.toByteArray());
      default -> {
        float[] values = new float[bytes.size() / Float.BYTES];
        buffer.asFloatBuffer().get(values);
        yield new Voxels.Float32(values);
      }
    };
  }
}
