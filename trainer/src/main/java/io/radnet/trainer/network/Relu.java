package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;

/** {@code max(x, 0)}. */
public final class Relu extends TreeBlock {
  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    return new Shape[] {inputs[0]};
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    return new NDList(Activation.relu(inputs.singletonOrThrow()));
  }
}
