package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

/** Maximum over windows (depth, height, width) without padding; a rest at the end is dropped. */
public final class MaxPool3d extends TreeBlock {
  private final Shape kernel;
  private final Shape stride;

  /**
   * @param kernel window (depth, height, width)
   * @param stride step (depth, height, width)
   */
  public MaxPool3d(Shape kernel, Shape stride) {
    this.kernel = kernel;
    this.stride = stride;
  }

  /** Window (depth, height, width). */
  public Shape kernel() {
    return kernel;
  }

  /** Step (depth, height, width). */
  public Shape stride() {
    return stride;
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    Shape in = inputs[0];
    Shape out = new Shape(in.get(0), in.get(1));
    for (int axis = 0; axis < 3; axis++) {
      out = out.add((in.get(2 + axis) - kernel.get(axis)) / stride.get(axis) + 1);
    }
    return new Shape[] {out};
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    return new NDList(
        inputs
            .singletonOrThrow()
            .getNDArrayInternal()
            .maxPool(kernel, stride, new Shape(0, 0, 0), false));
  }
}
