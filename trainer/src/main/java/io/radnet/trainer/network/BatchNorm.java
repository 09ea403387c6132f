package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * Batch normalisation of [N, C, ...] over all axes but C: {@code gamma (x - mean) / sqrt(variance +
 * epsilon) + beta}. In training the batch's own mean and variance are used and the running ones
 * move some way to them, see {@link #momentumAt}; otherwise the running ones are used. DJL's own
 * block hides epsilon and momentum, which an exporter must read.
 */
public final class BatchNorm extends TreeBlock {
  private static final float EPSILON = 1e-5f;

  /** Batches that the running statistics hold at first, and after many steps. */
  private static final double FEWEST_BATCHES = 10;

  private static final double MOST_BATCHES = 100;

  private float momentum = momentumAt(9);

  private final Parameter gamma = parameter("gamma", Parameter.Type.GAMMA, true);
  private final Parameter beta = parameter("beta", Parameter.Type.BETA, true);
  private final Parameter runningMean =
      parameter("running_mean", Parameter.Type.RUNNING_MEAN, false);
  private final Parameter runningVariance =
      parameter("running_variance", Parameter.Type.RUNNING_VAR, false);

  private Parameter parameter(String name, Parameter.Type type, boolean learned) {
    return addParameter(
        Parameter.builder().setName(name).setType(type).optRequiresGrad(learned).build());
  }

  /** Added to the variance. */
  public float epsilon() {
    return EPSILON;
  }

  /** Share of the running statistics that a batch leaves in place. */
  public float momentum() {
    return momentum;
  }

  /**
   * How much of the running statistics the batch of a step leaves in place. The first batches are
   * averaged, so that nothing stays of what was there before; then the last ten count, and from
   * step 100 on the last tenth of all, up to a hundred: batches of a few scans differ, and weights
   * hardly change any more when a long run ends.
   *
   * @param step of the run, from 0
   */
  public static float momentumAt(long step) {
    double batches = Math.min(MOST_BATCHES, Math.max(FEWEST_BATCHES, step / 10.0));
    return (float) (1 - 1 / Math.min(step + 1.0, batches));
  }

  /** Sets {@link #momentumAt} of all batch normalisations in a network. */
  public static void at(Block network, long step) {
    if (network instanceof BatchNorm norm) {
      norm.momentum = momentumAt(step);
    }
    network.getChildren().values().forEach(child -> at(child, step));
  }

  /** Scale, shape [C]. */
  public Parameter gamma() {
    return gamma;
  }

  /** Shift, shape [C]. */
  public Parameter beta() {
    return beta;
  }

  /** Running mean, shape [C]. */
  public Parameter runningMean() {
    return runningMean;
  }

  /** Running variance, shape [C]. */
  public Parameter runningVariance() {
    return runningVariance;
  }

  @Override
  protected void prepare(Shape[] inputs) {
    Shape channels = new Shape(inputs[0].get(1));
    gamma.setShape(channels);
    beta.setShape(channels);
    runningMean.setShape(channels);
    runningVariance.setShape(channels);
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    return new Shape[] {inputs[0]};
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    var input = inputs.singletonOrThrow();
    var device = input.getDevice();
    // Axis -1 keeps PyTorch's own layout; any other value makes DJL swap axes around the call.
    return input
        .getNDArrayInternal()
        .batchNorm(
            input,
            store.getValue(runningMean, device, training),
            store.getValue(runningVariance, device, training),
            store.getValue(gamma, device, training),
            store.getValue(beta, device, training),
            -1,
            momentum,
            EPSILON,
            training);
  }
}
