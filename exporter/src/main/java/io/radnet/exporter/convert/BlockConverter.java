package io.radnet.exporter.convert;

import ai.djl.nn.Block;
import io.radnet.exporter.graph.Value;
import java.util.List;

/**
 * Writes one kind of block as ONNX operators that compute the same as the block does in inference.
 *
 * @param <B> the kind of block
 */
public interface BlockConverter<B extends Block> {
  /** The class of block, matched exactly: a subclass may compute something else. */
  Class<B> kind();

  /** Adds the block's nodes to the graph and returns its outputs in order. */
  List<Value> convert(B block, List<Value> inputs, Conversion conversion);
}
