package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.training.ParameterStore;

/**
 * Pre-activation bottleneck: {@code projection(x) + conv3(relu(norm3(conv2(relu(norm2(conv1(relu(
 * norm1(x)))))))))} with kernels 1, 3 and 1. The 1x1x1 projection of the input is on every unit, as
 * in the 3D-RADNet network (Du and Vardhanabhuti 2020); pre-activation after He et al. 2016.
 */
public final class ResidualUnit extends TreeBlock {
  private final Relu relu = new Relu();
  private final BatchNorm norm1 = child("norm1", new BatchNorm());
  private final Conv3d conv1;
  private final BatchNorm norm2;
  private final Conv3d conv2;
  private final BatchNorm norm3;
  private final Conv3d conv3;
  private final Conv3d projection;

  /**
   * @param width channels inside
   * @param channels channels of the output
   */
  public ResidualUnit(int width, int channels) {
    conv1 = child("conv1", Layers.convolution(1, width, false));
    norm2 = child("norm2", new BatchNorm());
    conv2 = child("conv2", Layers.convolution(3, width, false));
    norm3 = child("norm3", new BatchNorm());
    conv3 = child("conv3", Layers.convolution(1, channels, false));
    projection = child("projection", Layers.convolution(1, channels, false));
  }

  /** Normalises the input; its output goes through ReLU into {@link #conv1}. */
  public BatchNorm norm1() {
    return norm1;
  }

  /** 1x1x1, to the inner width. */
  public Conv3d conv1() {
    return conv1;
  }

  /** Before {@link #conv2}, with ReLU between. */
  public BatchNorm norm2() {
    return norm2;
  }

  /** 3x3x3 at the inner width. */
  public Conv3d conv2() {
    return conv2;
  }

  /** Before {@link #conv3}, with ReLU between. */
  public BatchNorm norm3() {
    return norm3;
  }

  /** 1x1x1, to the output's channels. */
  public Conv3d conv3() {
    return conv3;
  }

  /** 1x1x1 from the unit's raw input to the output's channels. */
  public Conv3d projection() {
    return projection;
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    Shape x = visit(visitor, norm1, inputs[0]);
    x = visit(visitor, conv1, x);
    x = visit(visitor, norm2, x);
    x = visit(visitor, conv2, x);
    x = visit(visitor, norm3, x);
    x = visit(visitor, conv3, x);
    visit(visitor, projection, inputs[0]);
    return new Shape[] {x};
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    NDList x = conv1.forward(store, activate(store, norm1, inputs, training), training);
    x = conv2.forward(store, activate(store, norm2, x, training), training);
    x = conv3.forward(store, activate(store, norm3, x, training), training);
    NDList shortcut = projection.forward(store, inputs, training);
    return new NDList(x.singletonOrThrow().add(shortcut.singletonOrThrow()));
  }

  private NDList activate(ParameterStore store, BatchNorm norm, NDList x, boolean training) {
    return relu.forward(store, norm.forward(store, x, training), training);
  }
}
