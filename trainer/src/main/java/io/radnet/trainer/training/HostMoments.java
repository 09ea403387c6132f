package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;

/** Moments in Java's memory, beside weights and gradients in the processor's. */
final class HostMoments implements Moments {
  /** Values that go through the nearest cache together. */
  private static final int CHUNK = 2048;

  /** Sums beside each other, so that one addition need not wait for the one before. */
  private static final int LANES = 8;

  private static final Shape FLAT = new Shape(-1);

  private final float[] mean;
  private final float[] variance;

  /**
   * @param size of the parameter
   */
  HostMoments(int size) {
    mean = new float[size];
    variance = new float[size];
  }

  @Override
  public double squares(NDArray gradient) {
    try (NDArray flat = gradient.reshape(FLAT)) {
      return squares(values(flat));
    }
  }

  private double squares(FloatBuffer values) {
    float[] chunk = new float[Math.min(CHUNK, mean.length)];
    double[] sums = new double[LANES];
    double rest = 0;
    while (values.hasRemaining()) {
      int count = Math.min(chunk.length, values.remaining());
      values.get(chunk, 0, count);
      int whole = count - count % LANES;
      for (int i = 0; i < whole; i += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          double value = chunk[i + lane];
          sums[lane] += value * value;
        }
      }
      for (int i = whole; i < count; i++) {
        rest += (double) chunk[i] * chunk[i];
      }
    }
    for (double sum : sums) {
      rest += sum;
    }
    return rest;
  }

  @Override
  public void update(NDArray weight, NDArray gradient, Update update) {
    try (NDArray flat = gradient.reshape(FLAT)) {
      update(values(weight), values(flat), update);
    }
    JniUtils.zeroGrad((PtNDArray) weight);
  }

  private void update(FloatBuffer weights, FloatBuffer gradients, Update update) {
    float[] w = new float[Math.min(CHUNK, mean.length)];
    float[] g = new float[w.length];
    float[] m = new float[w.length];
    float[] v = new float[w.length];
    for (int from = 0; from < mean.length; from += w.length) {
      int count = Math.min(w.length, mean.length - from);
      weights.get(from, w, 0, count);
      gradients.get(from, g, 0, count);
      System.arraycopy(mean, from, m, 0, count);
      System.arraycopy(variance, from, v, 0, count);
      step(w, g, m, v, count, update);
      weights.put(from, w, 0, count);
      System.arraycopy(m, 0, mean, from, count);
      System.arraycopy(v, 0, variance, from, count);
    }
  }

  /** All arrays from 0 and nothing else, which is what the compiler turns into vector code. */
  private static void step(float[] w, float[] g, float[] m, float[] v, int count, Update update) {
    float scale = update.scale();
    float decay = update.rate() * update.decay();
    float rate = update.corrected();
    for (int i = 0; i < count; i++) {
      g[i] *= scale;
    }
    for (int i = 0; i < count; i++) {
      m[i] = BETA1 * m[i] + (1 - BETA1) * g[i];
    }
    for (int i = 0; i < count; i++) {
      v[i] = BETA2 * v[i] + (1 - BETA2) * g[i] * g[i];
    }
    for (int i = 0; i < count; i++) {
      g[i] = (float) Math.sqrt(v[i]) + EPSILON;
    }
    for (int i = 0; i < count; i++) {
      w[i] = w[i] - decay * w[i] - rate * m[i] / g[i];
    }
  }

  /** The memory of an array, row-major as parameters and what has one axis are. */
  private static FloatBuffer values(NDArray array) {
    return array.toByteBuffer(true).asFloatBuffer();
  }

  @Override
  public float[] mean() {
    return mean.clone();
  }

  @Override
  public float[] variance() {
    return variance.clone();
  }

  @Override
  public void restore(float[] newMean, float[] newVariance) {
    System.arraycopy(newMean, 0, mean, 0, mean.length);
    System.arraycopy(newVariance, 0, variance, 0, variance.length);
  }
}
