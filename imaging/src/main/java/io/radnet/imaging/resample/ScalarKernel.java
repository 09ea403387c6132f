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
  public PointKernel points() {
    return new ScalarPoints();
  }

  @Override
  public LinePass linePass(AxisTable table) {
    int[] low = table.low();
    float[] weight = table.weight();
    return (line, out, at) -> along(line, low, weight, out, at, 0, low.length);
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

  @Override
  public void weigh(short[] values, int row, float w, float[] line, int count, boolean add) {
    weigh(values, row, w, line, 0, count, add);
  }

  static void weigh(
      short[] values, int row, float w, float[] line, int from, int count, boolean add) {
    for (int i = from; i < count; i++) {
      float value = w * values[row + i];
      line[i] = add ? line[i] + value : value;
    }
  }

  @Override
  public void weigh(byte[] values, int row, float w, float[] line, int count, boolean add) {
    weigh(values, row, w, line, 0, count, add);
  }

  static void weigh(
      byte[] values, int row, float w, float[] line, int from, int count, boolean add) {
    for (int i = from; i < count; i++) {
      float value = w * (values[row + i] & 0xff);
      line[i] = add ? line[i] + value : value;
    }
  }

  @Override
  public void weigh(float[] values, int row, float w, float[] line, int count, boolean add) {
    weigh(values, row, w, line, 0, count, add);
  }

  static void weigh(
      float[] values, int row, float w, float[] line, int from, int count, boolean add) {
    for (int i = from; i < count; i++) {
      float value = w * values[row + i];
      line[i] = add ? line[i] + value : value;
    }
  }

  @Override
  public void gather(
      float[] line, int[] low, float[] weight, int taps, float[] out, int at, int count) {
    gather(line, low, weight, taps, out, at, 0, count);
  }

  static void gather(
      float[] line, int[] low, float[] weight, int taps, float[] out, int at, int from, int count) {
    for (int n = from; n < count; n++) {
      float sum = 0;
      for (int t = 0; t < taps; t++) {
        sum += weight[t * count + n] * line[low[n] + t];
      }
      out[at + n] = sum;
    }
  }

  @Override
  public void largest(
      float[] p,
      float[] q,
      int from,
      float f,
      float c,
      float[] value,
      float[] label,
      int at,
      int count) {
    largest(p, q, from, f, c, value, label, at, 0, count);
  }

  static void largest(
      float[] p,
      float[] q,
      int from,
      float f,
      float c,
      float[] value,
      float[] label,
      int at,
      int first,
      int count) {
    for (int n = first; n < count; n++) {
      float a = p[from + n];
      float candidate = a + f * (q[from + n] - a);
      if (candidate > value[at + n]) {
        value[at + n] = candidate;
        label[at + n] = c;
      }
    }
  }

  @Override
  public void bytes(float[] line, int from, byte[] out, int at, int count) {
    bytes(line, from, out, at, 0, count);
  }

  static void bytes(float[] line, int from, byte[] out, int at, int first, int count) {
    for (int n = first; n < count; n++) {
      out[at + n] = (byte) Float.floatToRawIntBits(line[from + n]);
    }
  }
}
