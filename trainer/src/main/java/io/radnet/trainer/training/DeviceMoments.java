package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Moments in arrays of the engine, on any device. */
final class DeviceMoments implements Moments {
  private final NDManager manager;
  private final Shape shape;
  private NDArray mean;
  private NDArray variance;

  /**
   * @param manager of the arrays
   * @param shape of the parameter
   */
  DeviceMoments(NDManager manager, Shape shape) {
    this.manager = manager;
    this.shape = shape;
    mean = manager.zeros(shape);
    variance = manager.zeros(shape);
  }

  @Override
  public double squares(NDArray gradient) {
    try (NDArray square = gradient.square();
        NDArray sum = square.sum()) {
      return sum.getFloat();
    }
  }

  @Override
  public void update(NDArray weight, NDArray gradient, Update update) {
    weight
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(weight, gradient, mean, variance),
            new NDList(weight),
            update.rate(),
            update.corrected(),
            update.decay(),
            update.scale(),
            -1,
            BETA1,
            BETA2,
            EPSILON,
            true,
            true);
  }

  @Override
  public float[] mean() {
    return mean.toFloatArray();
  }

  @Override
  public float[] variance() {
    return variance.toFloatArray();
  }

  /** New arrays rather than {@code set}, over which libtorch warns on the terminal. */
  @Override
  public void restore(float[] newMean, float[] newVariance) {
    mean.close();
    variance.close();
    mean = manager.create(newMean, shape);
    variance = manager.create(newVariance, shape);
  }
}
