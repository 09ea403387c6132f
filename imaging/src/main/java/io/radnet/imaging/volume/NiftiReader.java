package io.radnet.imaging.volume;

import io.radnet.imaging.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads NIfTI-1 files, plain or gzip-compressed. Memory grows with the voxels that the header names
 * and not with the stream.
 */
public final class NiftiReader {
  private static final int CHUNK = 1 << 16;

  private NiftiReader() {}

  /**
   * Reads all volumes of a file.
   *
   * @throws InvalidInputException where the file is no NIfTI-1 file, is cut off, or holds a
   *     datatype that is not supported
   */
  public static NiftiImage read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file);
    }
  }

  /**
   * Reads all volumes of a stream; whether it is compressed is seen in its first bytes.
   *
   * @param name of the source, for messages
   * @throws InvalidInputException as {@link #read(Path)}
   */
  public static NiftiImage read(InputStream stream, Object name) throws IOException {
    try {
      InputStream in = plain(stream);
      NiftiHeader header = header(in, name);
      List<Volume> volumes = new ArrayList<>();
      for (int v = 0; v < header.volumes(); v++) {
        volumes.add(volume(in, header, name));
      }
      return new NiftiImage(volumes);
    } catch (EOFException | ZipException cut) {
      throw new InvalidInputException(name, "NIfTI data are cut off or damaged", cut);
    }
  }

  /**
   * Reads a mask: whole numbers in [0, 255].
   *
   * @throws InvalidInputException as {@link #read(Path)}, and where a value is no label
   */
  public static LabelMap readLabels(Path file) throws IOException {
    List<Volume> volumes = read(file).volumes();
    if (volumes.size() != 1) {
      throw new InvalidInputException(
          file, "volumes in a mask: " + volumes.size() + " (expected: 1, one number per class)");
    }
    Volume volume = volumes.get(0);
    byte[] labels = new byte[volume.voxels().length()];
    for (int i = 0; i < labels.length; i++) {
      double value = volume.value(i);
      if (value != Math.rint(value) || value < 0 || value > 255) {
        throw new InvalidInputException(
            file, "mask value " + value + " (expected: whole numbers from 0 to 255)");
      }
      labels[i] = (byte) (int) value;
    }
    return new LabelMap(volume.geometry(), labels, Map.of());
  }

  private static InputStream plain(InputStream stream) throws IOException {
    InputStream in = stream.markSupported() ? stream : new BufferedInputStream(stream);
    in.mark(2);
    int first = in.read();
    int second = in.read();
    in.reset();
    return first == 0x1f && second == 0x8b ? new GZIPInputStream(in, CHUNK) : in;
  }

  private static NiftiHeader header(InputStream in, Object name) throws IOException {
    byte[] bytes = in.readNBytes(NiftiHeader.SIZE);
    if (bytes.length < NiftiHeader.SIZE) {
      throw new InvalidInputException(
          name, "no NIfTI-1 file: " + bytes.length + " bytes (expected: >= 348)");
    }
    NiftiHeader header = NiftiHeader.parse(bytes, name);
    in.skipNBytes(header.dataOffset() - NiftiHeader.SIZE);
    return header;
  }

  private static Volume volume(InputStream in, NiftiHeader header, Object name) throws IOException {
    Geometry geometry = header.geometry();
    int count = (int) geometry.voxels();
    return switch (header.type()) {
      case NiftiHeader.UINT8 -> {
        byte[] values = in.readNBytes(count);
        if (values.length < count) {
          throw new EOFException();
        }
        yield new Volume(geometry, new Voxels.UInt8(values), header.slope(), header.intercept());
      }
      case NiftiHeader.INT16, NiftiHeader.UINT16, NiftiHeader.INT8 -> {
        int shift = header.type() == NiftiHeader.UINT16 ? 32768 : 0;
        short[] values = new short[count];
        int[] at = {0};
        decode(in, header, name, count, value -> values[at[0]++] = (short) ((int) value - shift));
        yield new Volume(
            geometry,
            new Voxels.Int16(values),
            header.slope(),
            header.intercept() + header.slope() * shift);
      }
      default -> {
        float[] values = new float[count];
        int[] at = {0};
        decode(in, header, name, count, value -> values[at[0]++] = (float) value);
        yield new Volume(geometry, new Voxels.Float32(values), header.slope(), header.intercept());
      }
    };
  }

  @FunctionalInterface
  private interface Sink {
    void accept(double value);
  }

  private static void decode(InputStream in, NiftiHeader header, Object name, int count, Sink sink)
      throws IOException {
    int size = header.bytesPerVoxel(name);
    byte[] chunk = new byte[CHUNK];
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(header.order());
    long left = (long) count * size;
    while (left > 0) {
      int want = (int) Math.min(CHUNK, left);
      if (in.readNBytes(chunk, 0, want) < want) {
        throw new EOFException();
      }
      for (int i = 0; i < want; i += size) {
        sink.accept(
            switch (header.type()) {
              case NiftiHeader.INT8 -> buffer.get(i);
              case NiftiHeader.INT16 -> buffer.getShort(i);
              case NiftiHeader.UINT16 -> buffer.getShort(i) & 0xffff;
              case NiftiHeader.INT32 -> buffer.getInt(i);
              case NiftiHeader.UINT32 -> buffer.getInt(i) & 0xffffffffL;
              case NiftiHeader.FLOAT32 -> buffer.getFloat(i);
              default -> buffer.getDouble(i);
            });
      }
      left -= want;
    }
  }
}
