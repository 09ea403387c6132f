package io.radnet.server.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import io.radnet.proto.v1.DicomChunk;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.VoxelType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A scan to send, in one of the forms that the service takes. It may be sent several times. */
@FunctionalInterface
public interface ScanSource {
  /** Takes the parts of a scan one by one. */
  @FunctionalInterface
  interface Sink {
    /** Blocks until the connection takes more. */
    void send(ScanRequest part) throws IOException;
  }

  /** Hands all parts to {@code sink}. */
  void send(Sink sink) throws IOException;

  /**
   * How many bytes the parts hold together, so that the server can set them aside or refuse at
   * once; 0 where that is not known, or where the parts say it themselves.
   */
  default long bytes() throws IOException {
    return 0;
  }

  /** Bytes per part: large enough to be fast, small enough to be interleaved with other calls. */
  int CHUNK = 512 << 10;

  /**
   * The instances of one DICOM series.
   *
   * @param instances one Part 10 object each
   */
  record Dicom(List<InstanceSource> instances) implements ScanSource {
    /** Copies the list. */
    public Dicom {
      instances = List.copyOf(instances);
    }

    @Override
    public long bytes() throws IOException {
      long all = 0;
      for (InstanceSource instance : instances) {
        all +=
            instance instanceof InstanceSource.File file
                ? Files.size(file.path())
                : instance.readAll().length;
      }
      return all;
    }

    @Override
    public void send(Sink sink) throws IOException {
      for (InstanceSource instance : instances) {
        byte[] bytes = instance.readAll();
        for (int from = 0; from == 0 || from < bytes.length; from += CHUNK) {
          int size = Math.min(CHUNK, bytes.length - from);
          sink.send(
              ScanRequest.newBuilder()
                  .setDicom(
                      DicomChunk.newBuilder()
                          .setData(UnsafeByteOperations.unsafeWrap(bytes, from, size))
                          .setEndOfInstance(from + size == bytes.length))
                  .build());
        }
      }
    }
  }

  /**
   * A NIfTI file.
   *
   * @param file .nii or .nii.gz
   */
  record Nifti(Path file) implements ScanSource {
    @Override
    public long bytes() throws IOException {
      return Files.size(file);
    }

    @Override
    public void send(Sink sink) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
          sink.send(
              ScanRequest.newBuilder().setNifti(UnsafeByteOperations.unsafeWrap(chunk)).build());
        }
      }
    }
  }

  /**
   * A volume in memory; 16-bit voxels travel as such.
   *
   * @param volume to send
   */
  record InMemory(Volume volume) implements ScanSource {
    @Override
    public void send(Sink sink) throws IOException {
      sink.send(ScanRequest.newBuilder().setRawHeader(header()).build());
      Voxels voxels = volume.voxels();
      int size = voxels instanceof Voxels.Int16 ? 2 : voxels instanceof Voxels.UInt8 ? 1 : 4;
      int perChunk = CHUNK / size;
      for (int from = 0; from < voxels.length(); from += perChunk) {
        int count = Math.min(perChunk, voxels.length() - from);
        sink.send(ScanRequest.newBuilder().setRawVoxels(chunk(voxels, from, count, size)).build());
      }
    }

    private RawHeader header() {
      Geometry geometry = volume.geometry();
      io.radnet.proto.v1.Geometry.Builder grid =
          io.radnet.proto.v1.Geometry.newBuilder()
              .setWidth(geometry.width())
              .setHeight(geometry.height())
              .setDepth(geometry.depth());
      for (double value : geometry.affine().toArray()) {
        grid.addAffine(value);
      }
      VoxelType type =
          volume.voxels() instanceof Voxels.Int16
              ? VoxelType.VOXEL_TYPE_INT16
              : volume.voxels() instanceof Voxels.UInt8
                  ? VoxelType.VOXEL_TYPE_UINT8
                  : VoxelType.VOXEL_TYPE_FLOAT32;
      return RawHeader.newBuilder()
          .setType(type)
          .setGeometry(grid)
          .setSlope(volume.slope())
          .setIntercept(volume.intercept())
          .build();
    }

    private static ByteString chunk(Voxels voxels, int from, int count, int size) {
      ByteBuffer buffer = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
      if (voxels instanceof Voxels.Int16 shorts) {
        buffer.asShortBuffer().put(shorts.values(), from, count);
      } else if (voxels instanceof Voxels.UInt8 bytes) {
        buffer.duplicate().put(bytes.values(), from, count);
      } else if (voxels instanceof Voxels.Float32 floats) {
        buffer.asFloatBuffer().put(floats.values(), from, count);
      }
      return UnsafeByteOperations.unsafeWrap(buffer);
    }
  }
}
