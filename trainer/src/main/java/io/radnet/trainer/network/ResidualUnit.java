package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.training.ParameterStore;

/**
 * Pre-activation bottleneck: {@code projection(s) +
 * conv3(relu(norm3(conv2(relu(norm2(conv1(a)))))))} with {@code a = relu(norm1(x))} and kernels 1,
 * 3 and 1. The 1x1x1 projection is on every unit, as in the 3D-RADNet network (Du and Vardhanabhuti
 * 2020); pre-activation after He et al. 2016. What it projects, {@code s}, is {@link Shortcut}.
 */
public final class ResidualUnit extends TreeBlock {
  /** What the projection reads. */
  public enum Shortcut {
    /** The input as it is, as in the encoder. */
    RAW,
    /**
     * The input normalised and rectified, as {@code conv1} reads it. For inputs put together of
     * levels of different size: raw, the largest would fill the shortcut and hide the others.
     */
    ACTIVATED
  }

  private final Shortcut shortcut;
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
   * @param shortcut what the projection reads
   */
  public ResidualUnit(int width, int channels, Shortcut shortcut) {
    this.shortcut = shortcut;
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

  /** What {@link #projection} reads. */
  public Shortcut shortcut() {
    return shortcut;
  }

  /** 1x1x1 from what {@link #shortcut} says to the output's channels. */
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
    NDList first = activate(store, norm1, inputs, training);
    NDList x = conv1.forward(store, first, training);
    x = conv2.forward(store, activate(store, norm2, x, training), training);
    x = conv3.forward(store, activate(store, norm3, x, training), training);
    NDList past = shortcut == Shortcut.RAW ? inputs : first;
    NDList projected = projection.forward(store, past, training);
    return new NDList(x.singletonOrThrow().add(projected.singletonOrThrow()));
  }

  private NDList activate(ParameterStore store, BatchNorm norm, NDList x, boolean training) {
    return relu.forward(store, norm.forward(store, x, training), training);
  }
}
