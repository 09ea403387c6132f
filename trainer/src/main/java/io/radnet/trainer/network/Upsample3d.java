package io.radnet.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

/**
 * Repeats each voxel {@code factors} (depth, height, width) times: nearest-neighbour upsampling.
 */
public final class Upsample3d extends TreeBlock {
  private static final int NEAREST = 0;

  private final Shape factors;

  /**
   * @param factors whole numbers (depth, height, width)
   */
  public Upsample3d(Shape factors) {
    this.factors = factors;
  }

  /** Whole numbers (depth, height, width). */
  public Shape factors() {
    return factors;
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    Shape in = inputs[0];
    return new Shape[] {
      new Shape(
          in.get(0),
          in.get(1),
          in.get(2) * factors.get(0),
          in.get(3) * factors.get(1),
          in.get(4) * factors.get(2))
    };
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    NDArray input = inputs.singletonOrThrow();
    Shape out = walk((child, shapes) -> {}, new Shape[] {input.getShape()})[0];
    long[] size = {out.get(2), out.get(3), out.get(4)};
    return new NDList(input.getNDArrayInternal().interpolation(size, NEAREST, false));
  }
}
