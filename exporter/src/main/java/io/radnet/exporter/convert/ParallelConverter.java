package io.radnet.exporter.convert;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.util.Pair;
import io.radnet.exporter.graph.Value;
import io.radnet.imaging.InvalidInputException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Branches side by side, each by its own converter, and what joins them by a trace. DJL has no
 * getter for the joining function, so its field is read.
 */
final class ParallelConverter implements BlockConverter<ParallelBlock> {
  private static final String FIELD = "function";

  @Override
  public Class<ParallelBlock> kind() {
    return ParallelBlock.class;
  }

  @Override
  public List<Value> convert(ParallelBlock block, List<Value> inputs, Conversion conversion) {
    List<Value> branches = new ArrayList<>();
    List<Shape> shapes = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (Pair<String, Block> child : block.getChildren()) {
      branches.addAll(conversion.child(child.getKey(), child.getValue(), inputs));
      Shape[] given =
          TracingConverter.inputShapes(child.getValue(), conversion).toArray(new Shape[0]);
      Shape[] made = child.getValue().getOutputShapes(given);
      shapes.addAll(Arrays.asList(made));
      counts.add(made.length);
    }
    Function<List<NDList>, NDList> join = join(block, conversion);
    return TracingConverter.convert(
        arrays -> join.apply(split(arrays, counts)), shapes, branches, Map.of(), conversion);
  }

  private static List<NDList> split(NDList arrays, List<Integer> counts) {
    List<NDList> lists = new ArrayList<>();
    int from = 0;
    for (int count : counts) {
      lists.add(new NDList(arrays.subList(from, from + count)));
      from += count;
    }
    return lists;
  }

  @SuppressWarnings("unchecked") // the type of DJL's field
  private static Function<List<NDList>, NDList> join(ParallelBlock block, Conversion conversion) {
    try {
      Field field = ParallelBlock.class.getDeclaredField(FIELD);
      field.setAccessible(true);
      return (Function<List<NDList>, NDList>) field.get(block);
    } catch (ReflectiveOperationException | RuntimeException hidden) {
      throw new InvalidInputException(
          conversion.where(),
          "this version of DJL hides how a ParallelBlock joins its branches (write it as a block"
              + " with an io.radnet.exporter.convert.BlockConverter of its own)",
          hidden);
    }
  }
}
