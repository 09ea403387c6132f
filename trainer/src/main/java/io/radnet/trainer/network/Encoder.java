package io.radnet.trainer.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The backbone: a convolution of stride (1, 2, 2) and a 2x2x2 max pooling, then stages of {@link
 * ResidualUnit}s with a 2x2x2 max pooling between them. The last stage's output is raw (not yet
 * normalised), since what follows is pre-activation too.
 *
 * <p>Output for S stages and an input [N, 1, D, H, W]: S + 1 arrays, first the stem [N, F, D, H/2,
 * W/2], then stage s = 1..S [N, C_s, D/2^s, H/2^(s+1), W/2^(s+1)].
 */
public final class Encoder extends TreeBlock {
  private static final Shape TWO = new Shape(2, 2, 2);

  private final Conv3d stem;
  private final List<MaxPool3d> pools = new ArrayList<>();
  private final List<List<ResidualUnit>> stages = new ArrayList<>();

  /** Builds an encoder of these sizes. */
  public Encoder(Architecture architecture) {
    stem =
        child(
            "stem",
            Layers.convolution(
                architecture.stemKernel(), List.of(1, 2, 2), architecture.stemFilters(), false));
    for (int stage = 0; stage < architecture.stages(); stage++) {
      pools.add(child("pool" + (stage + 1), new MaxPool3d(TWO, TWO)));
      List<ResidualUnit> units = new ArrayList<>();
      for (int unit = 0; unit < architecture.units().get(stage); unit++) {
        units.add(
            child(
                "stage" + (stage + 1) + ".unit" + (unit + 1),
                new ResidualUnit(
                    architecture.widths().get(stage),
                    architecture.channels(stage),
                    ResidualUnit.Shortcut.RAW)));
      }
      stages.add(Collections.unmodifiableList(units));
    }
  }

  /** The first convolution, stride (1, 2, 2). */
  public Conv3d stem() {
    return stem;
  }

  /** The pooling before each stage; the first follows the stem. */
  public List<MaxPool3d> pools() {
    return Collections.unmodifiableList(pools);
  }

  /** The units of each stage, in order. */
  public List<List<ResidualUnit>> stages() {
    return Collections.unmodifiableList(stages);
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    List<Shape> outputs = new ArrayList<>();
    Shape x = visit(visitor, stem, inputs[0]);
    outputs.add(x);
    for (int stage = 0; stage < stages.size(); stage++) {
      x = visit(visitor, pools.get(stage), x);
      for (ResidualUnit unit : stages.get(stage)) {
        x = visit(visitor, unit, x);
      }
      outputs.add(x);
    }
    return outputs.toArray(new Shape[0]);
  }

  /**
   * The same array with strides that say that channels lie innermost in memory, which for one
   * channel is a matter of wording. PyTorch's convolutions, poolings and normalisations keep the
   * layout that they are given, so the whole network runs in it: on a processor that is where
   * poolings have vector code and convolutions need no reordering. A training step of the small
   * preset takes 0.7 of the time.
   */
  private static NDArray channelsLast(NDArray input) {
    Shape shape = input.getShape();
    if (shape.get(1) != 1 || !input.getDevice().equals(Device.cpu())) {
      return input;
    }
    return input
        .reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(4), 1)
        .transpose(0, 4, 1, 2, 3);
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    NDList outputs = new NDList();
    NDList x = stem.forward(store, new NDList(channelsLast(inputs.singletonOrThrow())), training);
    outputs.add(x.singletonOrThrow());
    for (int stage = 0; stage < stages.size(); stage++) {
      x = pools.get(stage).forward(store, x, training);
      for (ResidualUnit unit : stages.get(stage)) {
        x = unit.forward(store, x, training);
      }
      outputs.add(x.singletonOrThrow());
    }
    return outputs;
  }
}
