package io.radnet.exporter.convert;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import io.radnet.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** One child after the other; with intermediate results where the block returns them. */
final class SequentialConverter implements BlockConverter<SequentialBlock> {
  @Override
  public Class<SequentialBlock> kind() {
    return SequentialBlock.class;
  }

  @Override
  public List<Value> convert(SequentialBlock block, List<Value> inputs, Conversion conversion) {
    List<Value> current = inputs;
    List<Value> all = new ArrayList<>();
    for (Pair<String, Block> child : block.getChildren()) {
      current = conversion.child(child.getKey(), child.getValue(), current);
      all.addAll(current);
    }
    return block.isReturnIntermediate() ? all : current;
  }
}
