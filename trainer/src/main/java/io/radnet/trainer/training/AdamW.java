package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
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
  private final NDManager manager;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final double weightDecay;

  private static final class Slot {
    private final Parameter parameter;
    private final Moments moments;
    private int steps;

    private Slot(Parameter parameter, NDManager manager) {
      this.parameter = parameter;
      moments = Moments.zeros(parameter, manager);
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
        squares += slot.moments.squares(gradient);
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
    slot.steps++;
    boolean decays = slot.parameter.getType() == Parameter.Type.WEIGHT;
    slot.moments.update(
        slot.parameter.getArray(),
        gradient,
        Moments.Update.of(slot.steps, rate, decays ? (float) weightDecay : 0, scale));
  }

  /** Copies of all moments and step counts. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    slots.forEach(
        (path, slot) -> {
          long[] shape = slot.parameter.getArray().getShape().getShape();
          state.put("mean." + path, new Tensor(shape, slot.moments.mean()));
          state.put("variance." + path, new Tensor(shape, slot.moments.variance()));
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
          long[] shape = slot.parameter.getArray().getShape().getShape();
          float[] mean = values(state, "mean." + path, shape);
          slot.moments.restore(mean, values(state, "variance." + path, shape));
          Tensor steps = state.get("steps." + path);
          if (steps == null || steps.values().length != 1) {
            throw new InvalidInputException("optimiser state", "steps." + path + ": missing");
          }
          slot.steps = (int) steps.values()[0];
        });
  }

  private static float[] values(Map<String, Tensor> state, String name, long[] shape) {
    Tensor tensor = state.get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new InvalidInputException(
          "optimiser state", name + ": " + tensor + " (expected: float32" + new Shape(shape) + ")");
    }
    return tensor.values();
  }

  @Override
  public void close() {
    manager.close();
  }
}
