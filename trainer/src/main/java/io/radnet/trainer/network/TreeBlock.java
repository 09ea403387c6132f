package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
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
    return run(store, inputs, training);
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
