package io.radnet.imaging.volume;

import io.radnet.imaging.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Writes NIfTI-1 files: stored values with slope and intercept, the affine as sform and, where it
 * has no shear, as qform. The same volume gives the same bytes.
 */
public final class NiftiWriter {
  private static final int CHUNK = 1 << 16;
  private static final short SCANNER = 1;
  private static final byte MILLIMETRES = 2;

  private NiftiWriter() {}

  /**
   * Writes a volume to a file, compressed where its name ends in {@code .gz}; the file appears only
   * when it is complete.
   */
  public static void write(Path file, Volume volume) throws IOException {
    AtomicFiles.write(file, out -> write(out, volume, compressed(file)));
  }

  /**
   * Writes a picture that has no place in space: codes of 0 say that no axis has a direction
   * (NIfTI-1, method 1), rows go from bottom to top as viewers of such files expect.
   *
   * @param picture rows from top to bottom; of its grid only the spacing counts
   */
  public static void writeUnplaced(Path file, Volume picture) throws IOException {
    Geometry grid = picture.geometry();
    Affine bottomUp =
        Affine.of(-grid.spacing(0), 0, 0, 0, 0, -grid.spacing(1), 0, 0, 0, 0, grid.spacing(2), 0);
    Volume turned =
        new Volume(
            new Geometry(grid.width(), grid.height(), grid.depth(), bottomUp),
            turned(picture.voxels(), grid.width(), grid.height()),
            picture.slope(),
            picture.intercept());
    AtomicFiles.write(file, out -> write(out, turned, compressed(file), false));
  }

  private static Voxels turned(Voxels voxels, int width, int height) {
    int[] source = new int[voxels.length() / width];
    for (int row = 0; row < source.length; row++) {
      source[row] = (row / height * height + height - 1 - row % height) * width;
    }
    if (voxels instanceof Voxels.Int16 shorts) {
      short[] values = new short[voxels.length()];
      for (int row = 0; row < source.length; row++) {
        System.arraycopy(shorts.values(), source[row], values, row * width, width);
      }
      return new Voxels.Int16(values);
    }
    float[] values = new float[voxels.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) voxels.stored(source[i / width] + i % width);
    }
    return new Voxels.Float32(values);
  }

  /**
   * Writes a mask to a file, compressed where its name ends in {@code .gz}; the file appears only
   * when it is complete.
   */
  public static void write(Path file, LabelMap mask) throws IOException {
    AtomicFiles.write(file, out -> write(out, mask, compressed(file)));
  }

  /** Writes a volume to a stream, which stays open. */
  public static void write(OutputStream out, Volume volume, boolean gzip) throws IOException {
    write(out, volume, gzip, true);
  }

  private static void write(OutputStream out, Volume volume, boolean gzip, boolean placed)
      throws IOException {
    if (gzip) {
      GZIPOutputStream zip = new GZIPOutputStream(out, CHUNK);
      write(zip, volume, false, placed);
      zip.finish();
      return;
    }
    int type =
        volume.voxels() instanceof Voxels.Int16
            ? NiftiHeader.INT16
            : volume.voxels() instanceof Voxels.UInt8 ? NiftiHeader.UINT8 : NiftiHeader.FLOAT32;
    out.write(header(volume.geometry(), type, volume.slope(), volume.intercept(), placed));
    values(out, volume.voxels());
  }

  /** Writes a mask to a stream, which stays open. */
  public static void write(OutputStream out, LabelMap mask, boolean gzip) throws IOException {
    write(out, new Volume(mask.geometry(), new Voxels.UInt8(mask.labels()), 1, 0), gzip);
  }

  private static boolean compressed(Path file) {
    return file.toString().endsWith(".gz");
  }

  private static void values(OutputStream out, Voxels voxels) throws IOException {
    if (voxels instanceof Voxels.UInt8 bytes) {
      out.write(bytes.values());
      return;
    }
    int size = voxels instanceof Voxels.Int16 ? 2 : 4;
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    int perChunk = CHUNK / size;
    for (int from = 0; from < voxels.length(); from += perChunk) {
      int to = Math.min(voxels.length(), from + perChunk);
      buffer.clear();
      if (voxels instanceof Voxels.Int16 shorts) {
        buffer.asShortBuffer().put(shorts.values(), from, to - from);
      } else if (voxels instanceof Voxels.Float32 floats) {
        buffer.asFloatBuffer().put(floats.values(), from, to - from);
      }
      out.write(buffer.array(), 0, (to - from) * size);
    }
  }

  private static byte[] header(
      Geometry geometry, int type, double slope, double intercept, boolean placed) {
    ByteBuffer out = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, NiftiHeader.SIZE);
    short[] size = {
      3, (short) geometry.width(), (short) geometry.height(), (short) geometry.depth(), 1, 1, 1, 1
    };
    for (int i = 0; i < 8; i++) {
      out.putShort(40 + 2 * i, size[i]);
    }
    out.putShort(70, (short) type);
    out.putShort(72, (short) (type == NiftiHeader.UINT8 ? 8 : type == NiftiHeader.INT16 ? 16 : 32));
    double[] ras = geometry.affine().toArray();
    for (int i = 0; i < 8; i++) {
      ras[i] = -ras[i] + 0.0;
    }
    boolean mirrored = determinant(ras) < 0;
    out.putFloat(76, mirrored ? -1 : 1);
    for (int axis = 0; axis < 3; axis++) {
      out.putFloat(80 + 4 * axis, (float) geometry.spacing(axis));
    }
    out.putFloat(108, 352);
    out.putFloat(112, (float) slope);
    out.putFloat(116, (float) intercept);
    out.put(123, MILLIMETRES);
    if (placed && !geometry.sheared()) {
      out.putShort(252, SCANNER);
      quaternion(out, ras, geometry, mirrored);
    }
    out.putShort(254, placed ? SCANNER : 0);
    for (int i = 0; i < 12; i++) {
      out.putFloat(280 + 4 * i, (float) ras[i]);
    }
    out.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
    return out.array();
  }

  private static double determinant(double[] m) {
    return m[0] * (m[5] * m[10] - m[6] * m[9])
        - m[1] * (m[4] * m[10] - m[6] * m[8])
        + m[2] * (m[4] * m[9] - m[5] * m[8]);
  }

  /**
   * Rotation to quaternion as the NIfTI-1 standard's appendix to qform gives it; a mirrored grid
   * flips its third axis.
   */
  private static void quaternion(
      ByteBuffer out, double[] ras, Geometry geometry, boolean mirrored) {
    double[][] r = new double[3][3];
    for (int column = 0; column < 3; column++) {
      double scale = geometry.spacing(column) * (column == 2 && mirrored ? -1 : 1);
      for (int row = 0; row < 3; row++) {
        r[row][column] = ras[row * 4 + column] / scale;
      }
    }
    double a = r[0][0] + r[1][1] + r[2][2] + 1;
    double b;
    double c;
    double d;
    if (a > 0.5) {
      a = 0.5 * Math.sqrt(a);
      b = 0.25 * (r[2][1] - r[1][2]) / a;
      c = 0.25 * (r[0][2] - r[2][0]) / a;
      d = 0.25 * (r[1][0] - r[0][1]) / a;
    } else {
      double x = 1 + r[0][0] - r[1][1] - r[2][2];
      double y = 1 + r[1][1] - r[0][0] - r[2][2];
      double z = 1 + r[2][2] - r[0][0] - r[1][1];
      if (x > 1) {
        b = 0.5 * Math.sqrt(x);
        c = 0.25 * (r[0][1] + r[1][0]) / b;
        d = 0.25 * (r[0][2] + r[2][0]) / b;
        a = 0.25 * (r[2][1] - r[1][2]) / b;
      } else if (y > 1) {
        c = 0.5 * Math.sqrt(y);
        b = 0.25 * (r[0][1] + r[1][0]) / c;
        d = 0.25 * (r[1][2] + r[2][1]) / c;
        a = 0.25 * (r[0][2] - r[2][0]) / c;
      } else {
        d = 0.5 * Math.sqrt(z);
        b = 0.25 * (r[0][2] + r[2][0]) / d;
        c = 0.25 * (r[1][2] + r[2][1]) / d;
        a = 0.25 * (r[1][0] - r[0][1]) / d;
      }
      if (a < 0) {
        b = -b;
        c = -c;
        d = -d;
      }
    }
    out.putFloat(256, (float) b).putFloat(260, (float) c).putFloat(264, (float) d);
    out.putFloat(268, (float) ras[3]).putFloat(272, (float) ras[7]).putFloat(276, (float) ras[11]);
  }
}
