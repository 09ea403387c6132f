package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Voxels;

/** The readable reference: one loop. */
final class ScalarPoints implements PointKernel {
  @Override
  public PointStep[] shorts(RowSteps steps) {
    return new PointStep[] {
      (corners, count) -> {
        if (corners.voxels instanceof Voxels.Int16 shorts) {
          shorts(steps, corners, shorts.values(), count);
        }
      }
    };
  }

  private static void shorts(RowSteps steps, Corners corners, short[] v, int count) {
    for (int n = 0; n < count; n++) {
      int i = corners.first + n;
      int x = steps.x[i] + corners.startX;
      int y = steps.y[i] + corners.startY;
      int z = steps.z[i] + corners.startZ;
      int a = corners.origin + steps.index(i, x, y, z);
      int b = a + steps.width;
      int c = a + steps.plane;
      int d = b + steps.plane;
      float f = weight(x);
      float low = lerp(weight(y), lerp(f, v[a], v[a + 1]), lerp(f, v[b], v[b + 1]));
      float high = lerp(weight(y), lerp(f, v[c], v[c + 1]), lerp(f, v[d], v[d + 1]));
      corners.values[n] = lerp(weight(z), low, high);
    }
  }

  @Override
  public PointStep[] bytes(RowSteps steps) {
    return new PointStep[] {
      (corners, count) -> {
        if (corners.voxels instanceof Voxels.UInt8 bytes) {
          bytes(steps, corners, bytes.values(), count);
        }
      }
    };
  }

  private static void bytes(RowSteps steps, Corners corners, byte[] v, int count) {
    for (int n = 0; n < count; n++) {
      int i = corners.first + n;
      int x = steps.x[i] + corners.startX;
      int y = steps.y[i] + corners.startY;
      int z = steps.z[i] + corners.startZ;
      int a = corners.origin + steps.index(i, x, y, z);
      int b = a + steps.width;
      int c = a + steps.plane;
      int d = b + steps.plane;
      float f = weight(x);
      float low =
          lerp(
              weight(y),
              lerp(f, v[a] & 0xff, v[a + 1] & 0xff),
              lerp(f, v[b] & 0xff, v[b + 1] & 0xff));
      float high =
          lerp(
              weight(y),
              lerp(f, v[c] & 0xff, v[c + 1] & 0xff),
              lerp(f, v[d] & 0xff, v[d + 1] & 0xff));
      corners.values[n] = lerp(weight(z), low, high);
    }
  }

  @Override
  public PointStep[] floats(RowSteps steps) {
    return new PointStep[] {
      (corners, count) -> {
        if (corners.voxels instanceof Voxels.Float32 floats) {
          floats(steps, corners, floats.values(), count);
        }
      }
    };
  }

  private static void floats(RowSteps steps, Corners corners, float[] v, int count) {
    for (int n = 0; n < count; n++) {
      int i = corners.first + n;
      int x = steps.x[i] + corners.startX;
      int y = steps.y[i] + corners.startY;
      int z = steps.z[i] + corners.startZ;
      int a = corners.origin + steps.index(i, x, y, z);
      int b = a + steps.width;
      int c = a + steps.plane;
      int d = b + steps.plane;
      float f = weight(x);
      float low = lerp(weight(y), lerp(f, v[a], v[a + 1]), lerp(f, v[b], v[b + 1]));
      float high = lerp(weight(y), lerp(f, v[c], v[c + 1]), lerp(f, v[d], v[d + 1]));
      corners.values[n] = lerp(weight(z), low, high);
    }
  }

  private static float weight(int sum) {
    return (sum & RowSteps.FRACTION) * 0x1p-31f;
  }

  static float lerp(float f, float a, float b) {
    return a + f * (b - a);
  }

  @Override
  public void map(
      float[] line, int from, float scale, float shift, float[] out, int at, int count) {
    map(line, from, scale, shift, out, at, 0, count);
  }

  static void map(
      float[] line, int from, float scale, float shift, float[] out, int at, int first, int count) {
    for (int n = first; n < count; n++) {
      out[at + n] = line[from + n] * scale + shift;
    }
  }

  @Override
  public void mapNormalised(
      float[] line, int from, float scale, float shift, float[] out, int at, int count) {
    mapNormalised(line, from, scale, shift, out, at, 0, count);
  }

  static void mapNormalised(
      float[] line, int from, float scale, float shift, float[] out, int at, int first, int count) {
    for (int n = first; n < count; n++) {
      float value = line[from + n] * scale + shift;
      out[at + n] = value > 0 ? Math.min(value, 1) : 0;
    }
  }
}
