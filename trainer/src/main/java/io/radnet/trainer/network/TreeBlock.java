package io.radnet.trainer.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block whose children carry the names they are given, without DJL's running number, so that the
 * path of a weight stays the same when a neighbour is added.
 */
abstract class TreeBlock extends AbstractBlock {
  /** Adds a child under {@code name} and returns it. */
  final <B extends Block> B child(String name, B block) {
    if (children.contains(name)) {
      throw new IllegalArgumentException("child: " + name + " (expected: a new name)");
    }
    children.add(name, block);
    return block;
  }

  /** The shapes of the outputs, and on the way the shape of every child's input. */
  interface Visitor {
    /** Called once for each child in order. */
    void visit(Block child, Shape... inputs);
  }

  /** Walks the children in the order of the forward pass and returns the output shapes. */
  abstract Shape[] walk(Visitor visitor, Shape[] inputs);

  abstract NDList run(ParameterStore store, NDList inputs, boolean training);

  /** The output shape of {@code child}, after it was visited. */
  static Shape visit(Visitor visitor, Block child, Shape... inputs) {
    visitor.visit(child, inputs);
    return child.getOutputShapes(inputs)[0];
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    return training || !inputs.head().getDevice().equals(Device.cpu())
        ? run(store, inputs, training)
        : predict(store, inputs);
  }

  /**
   * Frees what the block computes on its way, which else lives until the input's manager is closed:
   * all activations of a large network at once. On a processor only: elsewhere a parameter may be
   * copied to the device on the way, and that copy must stay.
   */
  private NDList predict(ParameterStore store, NDList inputs) {
    NDList outputs;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      outputs = run(store, inputs, false);
      NDScope.unregister(outputs);
    }
    Map<NDArray, Boolean> given = new IdentityHashMap<>();
    inputs.forEach(input -> given.put(input, true));
    for (NDArray output : outputs) {
      if (!given.containsKey(output)) {
        NDScope.register(output); // with the block around this one, if any
      }
    }
    return outputs;
  }

  @Override
  public final Shape[] getOutputShapes(Shape[] inputs) {
    return walk((child, shapes) -> {}, inputs);
  }

  @Override
  protected final void initializeChildBlocks(
      NDManager manager, DataType dataType, Shape... inputs) {
    walk((child, shapes) -> child.initialize(manager, dataType, shapes), inputs);
  }
}
