package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import io.radnet.proto.v1.RawHeader;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.nio.ByteOrder;
import java.util.List;

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
      return new ReadyScan(raw(raw.header(), raw.voxels()), 1, 0, List.of());
    }
    throw new RequestException(Reason.UNSUPPORTED, "only raw voxels");
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
