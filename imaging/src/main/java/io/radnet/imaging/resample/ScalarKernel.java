package io.radnet.imaging.resample;

/** The readable reference. */
final class ScalarKernel implements Kernel {
  @Override
  public void rows(short[] values, int row0, int row1, float f, float[] line, int count) {
    rows(values, row0, row1, f, line, 0, count);
  }

  static void rows(short[] values, int row0, int row1, float f, float[] line, int from, int count) {
    for (int i = from; i < count; i++) {
      float a = values[row0 + i];
      float b = values[row1 + i];
      line[i] = a + f * (b - a);
    }
  }

  @Override
  public void rows(byte[] values, int row0, int row1, float f, float[] line, int count) {
    rows(values, row0, row1, f, line, 0, count);
  }

  static void rows(byte[] values, int row0, int row1, float f, float[] line, int from, int count) {
    for (int i = from; i < count; i++) {
      float a = values[row0 + i] & 0xff;
      float b = values[row1 + i] & 0xff;
      line[i] = a + f * (b - a);
    }
  }

  @Override
  public void rows(float[] values, int row0, int row1, float f, float[] line, int count) {
    rows(values, row0, row1, f, line, 0, count);
  }

  static void rows(float[] values, int row0, int row1, float f, float[] line, int from, int count) {
    for (int i = from; i < count; i++) {
      float a = values[row0 + i];
      float b = values[row1 + i];
      line[i] = a + f * (b - a);
    }
  }

  @Override
  public void along(float[] line, int[] low, float[] weight, float[] out, int at, int count) {
    along(line, low, weight, out, at, 0, count);
  }

  static void along(
      float[] line, int[] low, float[] weight, float[] out, int at, int from, int count) {
    for (int n = from; n < count; n++) {
      float a = line[low[n]];
      float b = line[low[n] + 1];
      out[at + n] = a + weight[n] * (b - a);
    }
  }

  @Override
  public void mix(
      float[] p,
      float[] q,
      int from,
      float f,
      float scale,
      float shift,
      float[] out,
      int at,
      int count) {
    mix(p, q, from, f, scale, shift, out, at, 0, count);
  }

  static void mix(
      float[] p,
      float[] q,
      int from,
      float f,
      float scale,
      float shift,
      float[] out,
      int at,
      int first,
      int count) {
    for (int n = first; n < count; n++) {
      float a = p[from + n];
      float value = a + f * (q[from + n] - a);
      out[at + n] = value * scale + shift;
    }
  }

  @Override
  public void mixNormalised(
      float[] p,
      float[] q,
      int from,
      float f,
      float scale,
      float shift,
      float[] out,
      int at,
      int count) {
    mixNormalised(p, q, from, f, scale, shift, out, at, 0, count);
  }

  static void mixNormalised(
      float[] p,
      float[] q,
      int from,
      float f,
      float scale,
      float shift,
      float[] out,
      int at,
      int first,
      int count) {
    for (int n = first; n < count; n++) {
      float a = p[from + n];
      float value = (a + f * (q[from + n] - a)) * scale + shift;
      out[at + n] = value > 0 ? Math.min(value, 1) : 0; // NaN is not above 0
    }
  }
}
