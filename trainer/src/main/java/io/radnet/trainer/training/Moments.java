package io.radnet.trainer.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;

/**
 * The running mean and the running uncentred variance of one parameter's gradient, and the update
 * that they make. On a processor PyTorch needs a dozen passes, each with memory of its own, and a
 * call for each, which for the many small parameters of a network costs more than the arithmetic;
 * there one pass over the memory itself does it all.
 */
sealed interface Moments permits HostMoments, DeviceMoments {
  /** Share of the running mean that stays. */
  float BETA1 = 0.9f;

  /** Share of the running variance that stays. */
  float BETA2 = 0.999f;

  /** Added to the square root of the variance. */
  float EPSILON = 1e-8f;

  /**
   * What a step does to a parameter.
   *
   * @param rate learning rate
   * @param corrected learning rate with the corrections for moments that began at zero
   * @param decay share of a weight that a step at rate 1 takes away
   * @param scale of the gradient
   */
  record Update(float rate, float corrected, float decay, float scale) {
    /** The update of the step of that number, counted from 1. */
    static Update of(int step, float rate, float decay, float scale) {
      double mean = 1 - Math.pow(BETA1, step);
      double variance = 1 - Math.pow(BETA2, step);
      return new Update(rate, (float) (rate * Math.sqrt(variance) / mean), decay, scale);
    }
  }

  /** Zeros, where the parameter lies. */
  static Moments zeros(Parameter parameter, NDManager manager) {
    NDArray weight = parameter.getArray();
    return weight.getDevice().equals(Device.cpu())
        ? new HostMoments(Math.toIntExact(weight.size()))
        : new DeviceMoments(manager, weight.getShape());
  }

  /** The sum of the squares of a gradient. */
  double squares(NDArray gradient);

  /** Changes the moments and the weight, and sets the gradient to zero. */
  void update(NDArray weight, NDArray gradient, Update update);

  /** A copy of the running mean. */
  float[] mean();

  /** A copy of the running variance. */
  float[] variance();

  /** Takes over what {@link #mean} and {@link #variance} gave. */
  void restore(float[] mean, float[] variance);
}
