package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Voxels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same loops on vectors, see {@link VectorKernel}. {@link Corners} holds whole vectors, so only
 * the last loop, which leaves it, has a tail.
 */
final class VectorPoints implements PointKernel {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final VectorSpecies<Short> FOUR = ShortVector.SPECIES_64;

  // A row calls these steps through one place, so that none is inlined: together they are more than
  // Java 17 compiles at once, and then vectors become objects.

  @Override
  public PointStep[] shorts(RowSteps steps) {
    return new PointStep[] {
      (corners, count) -> places(steps, corners.first, corners, count),
      (corners, count) -> {
        if (corners.voxels instanceof Voxels.Int16 shorts) {
          fetch(shorts.values(), corners.index, corners.pairs, 4 * Corners.stride(count));
        }
      },
      VectorPoints::pairs
    };
  }

  @Override
  public PointStep[] bytes(RowSteps steps) {
    return new PointStep[] {
      (corners, count) -> places(steps, corners.first, corners, count),
      (corners, count) -> {
        if (corners.voxels instanceof Voxels.UInt8 bytes) {
          fetch(bytes.values(), corners.index, corners.pairs, 4 * Corners.stride(count));
        }
      },
      VectorPoints::pairs
    };
  }

  @Override
  public PointStep[] floats(RowSteps steps) {
    return new PointStep[] {
      (corners, count) -> places(steps, corners.first, corners, count),
      (corners, count) -> {
        if (corners.voxels instanceof Voxels.Float32 floats) {
          int indices = 4 * Corners.stride(count);
          fetch(floats.values(), corners.index, corners.left, corners.right, indices);
        }
      },
      VectorPoints::floats
    };
  }

  private static void places(RowSteps steps, int first, Corners corners, int count) {
    int stride = Corners.stride(count);
    int width = steps.width;
    int plane = steps.plane;
    int last = steps.last;
    int origin = corners.origin;
    int startX = corners.startX;
    int startY = corners.startY;
    int startZ = corners.startZ;
    int[] index = corners.index;
    for (int n = 0; n < stride; n += LANES) {
      IntVector x = IntVector.fromArray(INTS, steps.x, first + n).add(startX);
      IntVector y = IntVector.fromArray(INTS, steps.y, first + n).add(startY);
      IntVector z = IntVector.fromArray(INTS, steps.z, first + n).add(startZ);
      IntVector a =
          IntVector.fromArray(INTS, steps.offset, first + n)
              .add(origin)
              .sub(carry(x)) // -1 where the fractions make a whole voxel
              .add(carry(y).and(width))
              .add(carry(z).and(plane))
              .max(0) // lanes behind the last point must be fetched too
              .min(last);
      a.intoArray(index, n);
      a.add(width).intoArray(index, n + stride);
      a.add(plane).intoArray(index, n + 2 * stride);
      a.add(plane + width).intoArray(index, n + 3 * stride);
      weight(x).intoArray(corners.x, n);
      weight(y).intoArray(corners.y, n);
      weight(z).intoArray(corners.z, n);
    }
  }

  private static IntVector carry(IntVector sum) {
    return sum.lanewise(VectorOperators.ASHR, RowSteps.BITS);
  }

  private static FloatVector weight(IntVector sum) {
    return floats(sum.and(RowSteps.FRACTION)).mul(0x1p-31f);
  }

  /** One load takes four voxels; the two too many are overwritten by the next two. */
  private static void fetch(short[] voxels, int[] index, int[] pairs, int count) {
    for (int n = 0; n < count; n++) {
      ShortVector.fromArray(FOUR, voxels, index[n]).reinterpretAsInts().intoArray(pairs, n);
    }
  }

  private static void fetch(byte[] voxels, int[] index, int[] pairs, int count) {
    for (int n = 0; n < count; n++) {
      int a = index[n];
      pairs[n] = voxels[a] & 0xff | (voxels[a + 1] & 0xff) << 16;
    }
  }

  private static void fetch(float[] voxels, int[] index, float[] left, float[] right, int count) {
    for (int n = 0; n < count; n++) {
      int a = index[n];
      left[n] = voxels[a];
      right[n] = voxels[a + 1];
    }
  }

  private static void pairs(Corners corners, int count) {
    int stride = Corners.stride(count);
    int[] pairs = corners.pairs;
    for (int n = 0; n < count; n += LANES) {
      FloatVector x = floats(corners.x, n);
      FloatVector y = floats(corners.y, n);
      FloatVector low = lerp(y, pair(pairs, n, x), pair(pairs, n + stride, x));
      FloatVector high = lerp(y, pair(pairs, n + 2 * stride, x), pair(pairs, n + 3 * stride, x));
      lerp(floats(corners.z, n), low, high).intoArray(corners.values, n);
    }
  }

  private static FloatVector pair(int[] pairs, int n, FloatVector x) {
    IntVector pair = IntVector.fromArray(INTS, pairs, n);
    IntVector left = pair.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    return lerp(x, floats(left), floats(pair.lanewise(VectorOperators.ASHR, 16)));
  }

  private static FloatVector floats(IntVector ints) {
    return (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  private static void floats(Corners corners, int count) {
    int stride = Corners.stride(count);
    for (int n = 0; n < count; n += LANES) {
      FloatVector x = floats(corners.x, n);
      FloatVector y = floats(corners.y, n);
      FloatVector low = lerp(y, row(corners, n, x), row(corners, n + stride, x));
      FloatVector high = lerp(y, row(corners, n + 2 * stride, x), row(corners, n + 3 * stride, x));
      lerp(floats(corners.z, n), low, high).intoArray(corners.values, n);
    }
  }

  private static FloatVector row(Corners corners, int n, FloatVector x) {
    return lerp(x, floats(corners.left, n), floats(corners.right, n));
  }

  private static FloatVector floats(float[] v, int n) {
    return FloatVector.fromArray(FLOATS, v, n);
  }

  private static FloatVector lerp(FloatVector f, FloatVector a, FloatVector b) {
    return b.sub(a).mul(f).add(a);
  }

  @Override
  public void map(
      float[] line, int from, float scale, float shift, float[] out, int at, int count) {
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      floats(line, from + n).mul(scale).add(shift).intoArray(out, at + n);
    }
    ScalarPoints.map(line, from, scale, shift, out, at, n, count);
  }

  @Override
  public void mapNormalised(
      float[] line, int from, float scale, float shift, float[] out, int at, int count) {
    FloatVector zero = FloatVector.zero(FLOATS);
    int n = 0;
    for (; n <= count - LANES; n += LANES) {
      FloatVector value = floats(line, from + n).mul(scale).add(shift);
      VectorMask<Float> positive = value.compare(VectorOperators.GT, zero); // false for NaN
      zero.blend(value.min(1), positive).intoArray(out, at + n);
    }
    ScalarPoints.mapNormalised(line, from, scale, shift, out, at, n, count);
  }
}
