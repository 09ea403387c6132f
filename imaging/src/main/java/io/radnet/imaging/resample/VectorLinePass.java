package io.radnet.imaging.resample;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Neighbouring targets need neighbouring sources: where those of one vector lie within three
 * vectors, these are loaded whole and their lanes moved, which takes half the time of gathering
 * lane by lane. The moves are computed once.
 */
final class VectorLinePass implements LinePass {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final int MOST = 3;

  private final int[] low;
  private final float[] weight;

  /** Vectors of source values per vector of targets; 0 where the table is gathered. */
  private final int reach;

  /** First source of each group of LANES targets. */
  private final int[] base;

  /** Lanes of the lower and of the upper neighbours. */
  private final VectorShuffle<Float>[] lower;

  private final VectorShuffle<Float>[] upper;

  /**
   * Which of those lie in the second source vector, and from {@code base.length} on in the third.
   */
  private final VectorMask<Float>[] lowerBeyond;

  private final VectorMask<Float>[] upperBeyond;

  VectorLinePass(AxisTable table) {
    low = table.low();
    weight = table.weight();
    int groups = low.length / LANES;
    base = new int[groups];
    int vectors = 1;
    for (int g = 0; g < groups; g++) {
      int first = Math.min(low[g * LANES], low[g * LANES + LANES - 1]); // ascending or descending
      int last = Math.max(low[g * LANES], low[g * LANES + LANES - 1]) + 1;
      base[g] = first;
      vectors = Math.max(vectors, (last - first) / LANES + 1);
    }
    reach = vectors <= MOST ? vectors : 0;
    lower = shuffles(0);
    upper = shuffles(1);
    lowerBeyond = masks(0);
    upperBeyond = masks(1);
  }

  private int distance(int target, int neighbour) {
    return low[target] + neighbour - base[target / LANES];
  }

  private VectorShuffle<Float>[] shuffles(int neighbour) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    VectorShuffle<Float>[] shuffles = new VectorShuffle[reach == 0 ? 0 : base.length];
    for (int g = 0; g < shuffles.length; g++) {
      int at = g * LANES;
      shuffles[g] = VectorShuffle.fromOp(FLOATS, lane -> distance(at + lane, neighbour) % LANES);
    }
    return shuffles;
  }

  private VectorMask<Float>[] masks(int neighbour) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    VectorMask<Float>[] masks = new VectorMask[reach == 0 ? 0 : 2 * base.length];
    boolean[] beyond = new boolean[LANES];
    for (int m = 0; m < masks.length; m++) {
      for (int lane = 0; lane < LANES; lane++) {
        int vector = distance(m % base.length * LANES + lane, neighbour) / LANES;
        beyond[lane] = vector == 1 + m / base.length;
      }
      masks[m] = VectorMask.fromArray(FLOATS, beyond, 0);
    }
    return masks;
  }

  @Override
  public void apply(float[] line, float[] out, int at) {
    switch (reach) {
      case 1 -> one(line, out, at);
      case 2 -> two(line, out, at);
      case 3 -> three(line, out, at);
      default -> gather(line, out, at);
    }
    ScalarKernel.along(line, low, weight, out, at, base.length * LANES, low.length);
  }

  private void one(float[] line, float[] out, int at) {
    for (int g = 0; g < base.length; g++) {
      FloatVector p = FloatVector.fromArray(FLOATS, line, base[g]);
      store(p.rearrange(lower[g]), p.rearrange(upper[g]), out, at, g);
    }
  }

  private void two(float[] line, float[] out, int at) {
    for (int g = 0; g < base.length; g++) {
      FloatVector p = FloatVector.fromArray(FLOATS, line, base[g]);
      FloatVector q = FloatVector.fromArray(FLOATS, line, base[g] + LANES);
      FloatVector a = p.rearrange(lower[g]).blend(q.rearrange(lower[g]), lowerBeyond[g]);
      FloatVector b = p.rearrange(upper[g]).blend(q.rearrange(upper[g]), upperBeyond[g]);
      store(a, b, out, at, g);
    }
  }

  private void three(float[] line, float[] out, int at) {
    int groups = base.length;
    for (int g = 0; g < groups; g++) {
      FloatVector p = FloatVector.fromArray(FLOATS, line, base[g]);
      FloatVector q = FloatVector.fromArray(FLOATS, line, base[g] + LANES);
      FloatVector r = FloatVector.fromArray(FLOATS, line, base[g] + 2 * LANES);
      FloatVector a =
          p.rearrange(lower[g])
              .blend(q.rearrange(lower[g]), lowerBeyond[g])
              .blend(r.rearrange(lower[g]), lowerBeyond[groups + g]);
      FloatVector b =
          p.rearrange(upper[g])
              .blend(q.rearrange(upper[g]), upperBeyond[g])
              .blend(r.rearrange(upper[g]), upperBeyond[groups + g]);
      store(a, b, out, at, g);
    }
  }

  private void gather(float[] line, float[] out, int at) {
    for (int g = 0; g < base.length; g++) {
      FloatVector a = FloatVector.fromArray(FLOATS, line, 0, low, g * LANES);
      FloatVector b = FloatVector.fromArray(FLOATS, line, 1, low, g * LANES);
      store(a, b, out, at, g);
    }
  }

  private void store(FloatVector a, FloatVector b, float[] out, int at, int g) {
    FloatVector w = FloatVector.fromArray(FLOATS, weight, g * LANES);
    b.sub(a).mul(w).add(a).intoArray(out, at + g * LANES);
  }
}
