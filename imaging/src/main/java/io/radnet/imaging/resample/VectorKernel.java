package io.radnet.imaging.resample;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same loops on vectors of the machine's preferred width. Load this class only where the module
 * {@code jdk.incubator.vector} is present.
 */
final class VectorKernel implements Kernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  // as many lanes as the floats have
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, LANES * 16)));
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * 8)));
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Whether the vectors are wide enough to gain: 8 lanes, that is AVX2 or better. */
  static boolean supported() {
    return LANES >= 8;
  }

  @Override
  public void rows(short[] values, int row0, int row1, float f, float[] line, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector a = floats(ShortVector.fromArray(SHORTS, values, row0 + i));
      FloatVector b = floats(ShortVector.fromArray(SHORTS, values, row1 + i));
      b.sub(a).mul(f).add(a).intoArray(line, i);
    }
    ScalarKernel.rows(values, row0, row1, f, line, i, count);
  }

  private static FloatVector floats(ShortVector shorts) {
    return (FloatVector) shorts.convertShape(VectorOperators.S2F, FLOATS, 0);
  }

  @Override
  public void rows(byte[] values, int row0, int row1, float f, float[] line, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector a = floats(ByteVector.fromArray(BYTES, values, row0 + i));
      FloatVector b = floats(ByteVector.fromArray(BYTES, values, row1 + i));
      b.sub(a).mul(f).add(a).intoArray(line, i);
    }
    ScalarKernel.rows(values, row0, row1, f, line, i, count);
  }

  private static FloatVector floats(ByteVector bytes) {
    IntVector ints = (IntVector) bytes.convertShape(VectorOperators.B2I, INTS, 0);
    return (FloatVector) ints.and(0xff).convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  @Override
  public void rows(float[] values, int row0, int row1, float f, float[] line, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, values, row0 + i);
      FloatVector b = FloatVector.fromArray(FLOATS, values, row1 + i);
      b.sub(a).mul(f).add(a).intoArray(line, i);
    }
    ScalarKernel.rows(values, row0, row1, f, line, i, count);
  }

  @Override
  public PointKernel points() {
    return new VectorPoints();
  }

  @Override
  public LinePass linePass(AxisTable table) {
    return new VectorLinePass(table);
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
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      mixed(p, q, from + n, f, scale, shift).intoArray(out, at + n);
    }
    ScalarKernel.mix(p, q, from, f, scale, shift, out, at, n, count);
  }

  private static FloatVector mixed(
      float[] p, float[] q, int index, float f, float scale, float shift) {
    FloatVector a = FloatVector.fromArray(FLOATS, p, index);
    FloatVector b = FloatVector.fromArray(FLOATS, q, index);
    return b.sub(a).mul(f).add(a).mul(scale).add(shift);
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
    FloatVector zero = FloatVector.zero(FLOATS);
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      FloatVector value = mixed(p, q, from + n, f, scale, shift);
      VectorMask<Float> positive = value.compare(VectorOperators.GT, zero); // false for NaN
      zero.blend(value.min(1), positive).intoArray(out, at + n);
    }
    ScalarKernel.mixNormalised(p, q, from, f, scale, shift, out, at, n, count);
  }

  @Override
  public void weigh(short[] values, int row, float w, float[] line, int count, boolean add) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector value = floats(ShortVector.fromArray(SHORTS, values, row + i)).mul(w);
      (add ? FloatVector.fromArray(FLOATS, line, i).add(value) : value).intoArray(line, i);
    }
    ScalarKernel.weigh(values, row, w, line, i, count, add);
  }

  @Override
  public void weigh(byte[] values, int row, float w, float[] line, int count, boolean add) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector value = floats(ByteVector.fromArray(BYTES, values, row + i)).mul(w);
      (add ? FloatVector.fromArray(FLOATS, line, i).add(value) : value).intoArray(line, i);
    }
    ScalarKernel.weigh(values, row, w, line, i, count, add);
  }

  @Override
  public void weigh(float[] values, int row, float w, float[] line, int count, boolean add) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, row + i).mul(w);
      (add ? FloatVector.fromArray(FLOATS, line, i).add(value) : value).intoArray(line, i);
    }
    ScalarKernel.weigh(values, row, w, line, i, count, add);
  }

  @Override
  public void gather(
      float[] line, int[] low, float[] weight, int taps, float[] out, int at, int count) {
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int t = 0; t < taps; t++) {
        FloatVector w = FloatVector.fromArray(FLOATS, weight, t * count + n);
        sum = sum.add(FloatVector.fromArray(FLOATS, line, t, low, n).mul(w));
      }
      sum.intoArray(out, at + n);
    }
    ScalarKernel.gather(line, low, weight, taps, out, at, n, count);
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
    FloatVector mine = FloatVector.broadcast(FLOATS, c);
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, p, from + n);
      FloatVector candidate = FloatVector.fromArray(FLOATS, q, from + n).sub(a).mul(f).add(a);
      FloatVector best = FloatVector.fromArray(FLOATS, value, at + n);
      VectorMask<Float> larger = candidate.compare(VectorOperators.GT, best); // false for NaN
      best.blend(candidate, larger).intoArray(value, at + n);
      FloatVector.fromArray(FLOATS, label, at + n).blend(mine, larger).intoArray(label, at + n);
    }
    ScalarKernel.largest(p, q, from, f, c, value, label, at, n, count);
  }

  @Override
  public void bytes(float[] line, int from, byte[] out, int at, int count) {
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, line, from + n).reinterpretAsInts();
      ((ByteVector) bits.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(out, at + n);
    }
    ScalarKernel.bytes(line, from, out, at, n, count);
  }
}
