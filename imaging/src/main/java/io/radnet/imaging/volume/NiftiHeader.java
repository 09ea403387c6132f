package io.radnet.imaging.volume;

import io.radnet.imaging.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fields of a NIfTI-1 header that matter here; the affine is RAS in the file and LPS in {@link
 * #geometry}.
 */
record NiftiHeader(
    ByteOrder order,
    int width,
    int height,
    int depth,
    int volumes,
    int type,
    long dataOffset,
    double slope,
    double intercept,
    Affine lps) {
  static final int SIZE = 348;

  /** Units of length in {@code xyzt_units}; anything else is taken for millimetres. */
  private static final int METRE = 1;

  private static final int MICROMETRE = 3;
  static final int UINT8 = 2;
  static final int INT16 = 4;
  static final int INT32 = 8;
  static final int FLOAT32 = 16;
  static final int FLOAT64 = 64;
  static final int INT8 = 256;
  static final int UINT16 = 512;
  static final int UINT32 = 768;

  static NiftiHeader parse(byte[] bytes, Object name) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != SIZE) {
      in.order(ByteOrder.BIG_ENDIAN);
      if (in.getInt(0) != SIZE) {
        throw new InvalidInputException(name, "no NIfTI-1 file");
      }
    }
    if (bytes[344] != 'n' || bytes[345] != '+' || bytes[346] != '1') {
      throw new InvalidInputException(
          name, "NIfTI magic is not n+1 (expected: one .nii or .nii.gz file)");
    }
    int dimensions = in.getShort(40);
    int[] size = new int[8];
    for (int i = 0; i < 8; i++) {
      size[i] = i <= dimensions ? in.getShort(40 + 2 * i) : 1;
    }
    if (dimensions < 2 || dimensions > 7) {
      throw new InvalidInputException(
          name, "NIfTI dimensions: " + dimensions + " (expected: 2 to 7)");
    }
    long volumes = 1;
    for (int i = 1; i <= dimensions; i++) {
      if (size[i] < 1) {
        throw new InvalidInputException(
            name, "NIfTI size along axis " + i + ": " + size[i] + " (expected: >= 1)");
      }
      volumes *= i > 3 ? size[i] : 1;
    }
    long voxels = (long) size[1] * size[2] * size[3];
    if (voxels > Integer.MAX_VALUE - 8 || volumes > 65_536) {
      throw new InvalidInputException(
          name, "NIfTI volume is too large: " + voxels + " voxels, " + volumes + " volumes");
    }
    double offset = in.getFloat(108);
    if (!(offset >= 352 && offset < 1 << 30)) {
      throw new InvalidInputException(name, "NIfTI vox_offset: " + offset + " (expected: >= 352)");
    }
    double slope = in.getFloat(112);
    double intercept = in.getFloat(116);
    if (slope == 0 || !Double.isFinite(slope) || !Double.isFinite(intercept)) {
      slope = 1;
      intercept = 0;
    }
    NiftiHeader header =
        new NiftiHeader(
            in.order(),
            size[1],
            size[2],
            size[3],
            (int) volumes,
            in.getShort(70),
            (long) offset,
            slope,
            intercept,
            lps(in, name));
    header.bytesPerVoxel(name);
    return header;
  }

  int bytesPerVoxel(Object name) {
    return switch (type) {
      case UINT8, INT8 -> 1;
      case INT16, UINT16 -> 2;
      case INT32, UINT32, FLOAT32 -> 4;
      case FLOAT64 -> 8;
      default ->
          throw new InvalidInputException(
              name,
              "NIfTI datatype "
                  + type
                  + " (expected: uint8, int8, int16, uint16, int32, uint32, float32 or float64)");
    };
  }

  Geometry geometry() {
    return new Geometry(width, height, depth, lps);
  }

  /**
   * sform before qform before plain pixel sizes, as the NIfTI-1 standard ranks them for scanner
   * coordinates; metres and micrometres become millimetres. A pixel size that is not positive
   * counts as 1, and an sform without volume as none.
   */
  private static Affine lps(ByteBuffer in, Object name) {
    double[] ras;
    double[] sform = new double[12];
    for (int i = 0; i < 12; i++) {
      sform[i] = in.getFloat(280 + 4 * i);
    }
    if (in.getShort(254) > 0 && (determinant(sform) != 0 || in.getShort(252) <= 0)) {
      ras = sform;
    } else if (in.getShort(252) > 0) {
      ras = fromQuaternion(in);
    } else {
      ras = new double[] {step(in, 80), 0, 0, 0, 0, step(in, 84), 0, 0, 0, 0, step(in, 88), 0};
    }
    double mm =
        switch (in.get(123) & 7) {
          case METRE -> 1000;
          case MICROMETRE -> 1e-3;
          default -> 1;
        };
    for (int i = 0; i < 12; i++) {
      ras[i] *= mm;
    }
    for (int i = 0; i < 8; i++) {
      ras[i] = -ras[i] + 0.0; // RAS to LPS; + 0.0 so that no negative zero is left
    }
    try {
      return Affine.of(ras);
    } catch (IllegalArgumentException malformed) {
      throw new InvalidInputException(name, "NIfTI " + malformed.getMessage(), malformed);
    }
  }

  private static double step(ByteBuffer in, int at) {
    float step = in.getFloat(at);
    return step > 0 && Float.isFinite(step) ? step : 1;
  }

  private static double determinant(double[] m) {
    return m[0] * (m[5] * m[10] - m[6] * m[9])
        - m[1] * (m[4] * m[10] - m[6] * m[8])
        + m[2] * (m[4] * m[9] - m[5] * m[8]);
  }

  private static double[] fromQuaternion(ByteBuffer in) {
    double b = in.getFloat(256);
    double c = in.getFloat(260);
    double d = in.getFloat(264);
    double a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
    double x = step(in, 80);
    double y = step(in, 84);
    double z = step(in, 88) * (in.getFloat(76) < 0 ? -1 : 1);
    return new double[] {
      (a * a + b * b - c * c - d * d) * x, 2 * (b * c - a * d) * y, 2 * (b * d + a * c) * z,
          in.getFloat(268),
      2 * (b * c + a * d) * x, (a * a + c * c - b * b - d * d) * y, 2 * (c * d - a * b) * z,
          in.getFloat(272),
      2 * (b * d - a * c) * x, 2 * (c * d + a * b) * y, (a * a + d * d - b * b - c * c) * z,
          in.getFloat(276)
    };
  }
}
