package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.proto.v1.Geometry;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.VoxelType;
import io.radnet.server.TestModels;
import io.radnet.server.telemetry.Stages;
import java.util.Arrays;
import java.util.List;

/** Scans of one value that are as wide and high as a window, so that their windows lie in a row. */
final class RawScans {
  private static final int SIDE = TestModels.WINDOW;

  private RawScans() {}

  /** 16 x 16 x depth voxels of 1 mm. */
  static ReceivedScan of(int depth, int value) {
    RawHeader header =
        RawHeader.newBuilder()
            .setType(VoxelType.VOXEL_TYPE_UINT8)
            .setSlope(10)
            .setGeometry(
                Geometry.newBuilder()
                    .setWidth(SIDE)
                    .setHeight(SIDE)
                    .setDepth(depth)
                    .addAllAffine(List.of(1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0.)))
            .build();
    byte[] voxels = new byte[SIDE * SIDE * depth];
    Arrays.fill(voxels, (byte) (value / 10));
    return new ReceivedScan(
        ScanOptions.getDefaultInstance(),
        new ReceivedScan.Raw(header, new SentBytes(ByteString.copyFrom(voxels))),
        voxels.length,
        0,
        new Stages());
  }
}
