package io.radnet.trainer.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import java.util.List;

/** DJL's own layers in the few forms used here. */
final class Layers {
  private Layers() {}

  /** A convolution padded so that stride 1 keeps the size; odd kernels only. */
  static Conv3d convolution(List<Integer> kernel, List<Integer> stride, int filters, boolean bias) {
    return Conv3d.builder()
        .setKernelShape(new Shape(kernel.get(0), kernel.get(1), kernel.get(2)))
        .optStride(new Shape(stride.get(0), stride.get(1), stride.get(2)))
        .optPadding(new Shape(kernel.get(0) / 2, kernel.get(1) / 2, kernel.get(2) / 2))
        .setFilters(filters)
        .optBias(bias)
        .build();
  }

  /** A convolution with a cubic kernel of odd {@code side}, stride 1. */
  static Conv3d convolution(int side, int filters, boolean bias) {
    return convolution(List.of(side, side, side), List.of(1, 1, 1), filters, bias);
  }

  static Linear linear(int units) {
    return Linear.builder().setUnits(units).build();
  }
}
