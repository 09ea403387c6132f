package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.checkpoint.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019) and clipping by the global norm of
 * the gradient. Scales, shifts and biases do not decay. Its state can be saved and restored, which
 * DJL's own optimiser does not offer.
 */
public final class AdamW implements AutoCloseable {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final NDManager manager;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final double weightDecay;

  private static final class Slot {
    private final Parameter parameter;
    private NDArray mean;
    private NDArray variance;
    private int steps;

    private Slot(Parameter parameter, NDManager manager) {
      this.parameter = parameter;
      Shape shape = parameter.getArray().getShape();
      mean = manager.zeros(shape);
      variance = manager.zeros(shape);
    }
  }

  /**
   * @param parameters by path; those that never learn, such as running means, are left out
   * @param parent its device must be the parameters'
   * @param weightDecay share of a weight that one step at rate 1 takes away
   */
  public AdamW(Map<String, Parameter> parameters, NDManager parent, double weightDecay) {
    this.manager = parent.newSubManager();
    this.weightDecay = weightDecay;
    parameters.forEach(
        (path, parameter) -> {
          if (parameter.requiresGradient()) {
            slots.put(path, new Slot(parameter, manager));
          }
        });
  }

  /**
   * Applies the gradients and sets them to zero. Parameters that are frozen now are left alone.
   *
   * @param rate learning rate by path
   * @param maximumNorm gradients are scaled down to this global norm
   * @return the norm before scaling; where it is not finite, the gradients are set to zero and
   *     nothing else changes
   */
  public double step(ToDoubleFunction<String> rate, double maximumNorm) {
    List<NDArray> gradients = new ArrayList<>(slots.size());
    try {
      double squares = 0;
      List<String> moving = new ArrayList<>();
      for (Map.Entry<String, Slot> entry : slots.entrySet()) {
        Slot slot = entry.getValue();
        if (!slot.parameter.requiresGradient()) {
          continue;
        }
        moving.add(entry.getKey());
        NDArray gradient = slot.parameter.getArray().getGradient();
        gradients.add(gradient);
        try (NDArray square = gradient.square();
            NDArray sum = square.sum()) {
          squares += sum.getFloat();
        }
      }
      double norm = Math.sqrt(squares);
      if (!Double.isFinite(norm)) {
        forget(moving);
        return norm;
      }
      float scale = (float) Math.min(1, maximumNorm / Math.max(norm, 1e-12));
      for (int i = 0; i < moving.size(); i++) {
        String path = moving.get(i);
        Slot slot = slots.get(path);
        if (slot != null) {
          update(slot, gradients.get(i), (float) rate.applyAsDouble(path), scale);
        }
      }
      return norm;
    } finally {
      gradients.forEach(NDArray::close);
    }
  }

  /** Sets gradients to zero that were not applied. */
  private void forget(List<String> paths) {
    for (String path : paths) {
      Slot slot = slots.get(path);
      if (slot != null) {
        JniUtils.zeroGrad((PtNDArray) slot.parameter.getArray());
      }
    }
  }

  private void update(Slot slot, NDArray gradient, float rate, float scale) {
    NDArray weight = slot.parameter.getArray();
    slot.steps++;
    double correction1 = 1 - Math.pow(BETA1, slot.steps);
    double correction2 = 1 - Math.pow(BETA2, slot.steps);
    boolean decays = slot.parameter.getType() == Parameter.Type.WEIGHT;
    weight
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(weight, gradient, slot.mean, slot.variance),
            new NDList(weight),
            rate,
            (float) (rate * Math.sqrt(correction2) / correction1),
            decays ? (float) weightDecay : 0,
            scale,
            -1,
            BETA1,
            BETA2,
            EPSILON,
            true,
            true);
  }

  /** Copies of all moments and step counts. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    slots.forEach(
        (path, slot) -> {
          long[] shape = slot.mean.getShape().getShape();
          state.put("mean." + path, new Tensor(shape, slot.mean.toFloatArray()));
          state.put("variance." + path, new Tensor(shape, slot.variance.toFloatArray()));
          state.put("steps." + path, new Tensor(new long[0], new float[] {slot.steps}));
        });
    return state;
  }

  /**
   * Takes over what {@link #state} gave.
   *
   * @throws InvalidInputException where it belongs to another network
   */
  public void restore(Map<String, Tensor> state) {
    slots.forEach(
        (path, slot) -> {
          slot.mean = replaced(state, "mean." + path, slot.mean);
          slot.variance = replaced(state, "variance." + path, slot.variance);
          Tensor steps = state.get("steps." + path);
          if (steps == null || steps.values().length != 1) {
            throw new InvalidInputException("optimiser state", "steps." + path + ": missing");
          }
          slot.steps = (int) steps.values()[0];
        });
  }

  /** A new array rather than {@code set}, over which libtorch warns on the terminal. */
  private NDArray replaced(Map<String, Tensor> state, String name, NDArray target) {
    Tensor tensor = state.get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), target.getShape().getShape())) {
      throw new InvalidInputException(
          "optimiser state",
          name + ": " + tensor + " (expected: float32" + target.getShape() + ")");
    }
    NDArray array = manager.create(tensor.values(), target.getShape());
    target.close();
    return array;
  }

  @Override
  public void close() {
    manager.close();
  }
}
