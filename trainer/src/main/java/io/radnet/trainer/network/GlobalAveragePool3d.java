package io.radnet.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

/** Mean over depth, height and width: [N, C, D, H, W] to [N, C]. */
public final class GlobalAveragePool3d extends TreeBlock {
  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    return new Shape[] {inputs[0].slice(0, 2)};
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    NDArray x = inputs.singletonOrThrow();
    // DJL's mean takes one axis on PyTorch.
    return new NDList(x.reshape(x.getShape().get(0), x.getShape().get(1), -1).mean(new int[] {2}));
  }
}
