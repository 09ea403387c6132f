package io.radnet.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The encoder mirrored. From the deepest stage up: {@link Upsample3d} by two, concatenation
 * (channels: upsampled first, then the skip) with the stage above, a {@link ResidualUnit} of that
 * stage's width whose shortcut reads the levels normalised, since the deepest is some fifty times
 * as large as the stem; at the top the skip is the stem. Then {@link #lastUpsample} (1, 2, 2) back
 * to the input's grid, a 3x3x3 convolution, normalisation, ReLU, and a 1x1x1 convolution to the
 * classes.
 *
 * <p>Input: the arrays of {@link Encoder}. Output: logits [N, classes, D, H, W].
 */
public final class Decoder extends TreeBlock {
  private static final Shape TWO = new Shape(2, 2, 2);

  private final Relu relu = new Relu();
  private final List<Upsample3d> upsamples = new ArrayList<>();
  private final List<ResidualUnit> units = new ArrayList<>();
  private final Upsample3d lastUpsample;
  private final Conv3d lastConvolution;
  private final BatchNorm lastNorm;
  private final Conv3d classes;

  /**
   * @param architecture the encoder's sizes
   * @param classCount classes, background included
   */
  public Decoder(Architecture architecture, int classCount) {
    for (int level = architecture.stages() - 1; level >= 0; level--) {
      boolean top = level == 0;
      int channels = top ? architecture.stemFilters() : architecture.channels(level - 1);
      int width = top ? architecture.stemFilters() : architecture.widths().get(level - 1);
      upsamples.add(child("level" + level + ".upsample", new Upsample3d(TWO)));
      units.add(
          child(
              "level" + level + ".unit",
              new ResidualUnit(width, channels, ResidualUnit.Shortcut.ACTIVATED)));
    }
    lastUpsample = child("last.upsample", new Upsample3d(new Shape(1, 2, 2)));
    lastConvolution =
        child(
            "last.conv", Layers.convolution(3, Math.max(8, architecture.stemFilters() / 2), false));
    lastNorm = child("last.norm", new BatchNorm());
    classes = child("classes", Layers.convolution(1, classCount, true));
  }

  /** One per level, deepest first. */
  public List<Upsample3d> upsamples() {
    return Collections.unmodifiableList(upsamples);
  }

  /** One per level, deepest first; follows the concatenation with the skip. */
  public List<ResidualUnit> units() {
    return Collections.unmodifiableList(units);
  }

  /** By (1, 2, 2), undoing the stem's stride. */
  public Upsample3d lastUpsample() {
    return lastUpsample;
  }

  /** 3x3x3 on the input's grid. */
  public Conv3d lastConvolution() {
    return lastConvolution;
  }

  /** After {@link #lastConvolution}; ReLU follows. */
  public BatchNorm lastNorm() {
    return lastNorm;
  }

  /** 1x1x1 to the logits. */
  public Conv3d classes() {
    return classes;
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    Shape x = inputs[inputs.length - 1];
    for (int step = 0; step < units.size(); step++) {
      Shape skip = inputs[inputs.length - 2 - step];
      Shape up = visit(visitor, upsamples.get(step), x);
      Shape joined = new Shape(up.get(0), up.get(1) + skip.get(1)).addAll(skip.slice(2));
      x = visit(visitor, units.get(step), joined);
    }
    x = visit(visitor, lastUpsample, x);
    x = visit(visitor, lastConvolution, x);
    x = visit(visitor, lastNorm, x);
    return new Shape[] {visit(visitor, classes, x)};
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    NDList x = new NDList(inputs.get(inputs.size() - 1));
    for (int step = 0; step < units.size(); step++) {
      NDArray skip = inputs.get(inputs.size() - 2 - step);
      NDArray up = upsamples.get(step).forward(store, x, training).singletonOrThrow();
      x = units.get(step).forward(store, new NDList(up.concat(skip, 1)), training);
    }
    x = lastUpsample.forward(store, x, training);
    x = lastConvolution.forward(store, x, training);
    x = relu.forward(store, lastNorm.forward(store, x, training), training);
    return classes.forward(store, x, training);
  }
}
