package io.radnet.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a function of arrays does, told by the function itself: it is run on arrays that write down
 * each call. That reads what DJL hides in lambdas: the kernel of a pooling, the slope of an
 * activation, how parallel branches are joined. It is run twice with different batches, so that a
 * function which depends on the batch's size is found out.
 */
public final class Trace {
  private static final int ONE_BATCH = 2;
  private static final int OTHER_BATCH = 3;

  private final Recording one;
  private final Recording other;

  private Trace(Recording one, Recording other) {
    this.one = one;
    this.other = other;
  }

  /** Where the operators of a trace go. */
  public interface Target {
    /** Adds a node. */
    Value add(String operator, List<Value> arguments, AttributeProto... settings);

    /** Adds a constant. */
    Value constant(String name, Tensor tensor);
  }

  /**
   * Reads a function.
   *
   * @param where named in messages
   * @param shapes of its inputs, the batch first
   * @param weights names of arrays that the function reads, by their unique identifier
   * @throws InvalidInputException where it calls what no operator stands for, or depends on the
   *     batch's size
   */
  public static Trace of(
      String where,
      Function<NDList, NDList> function,
      List<Shape> shapes,
      Map<String, String> weights) {
    try {
      Trace trace =
          new Trace(
              record(function, shapes, weights, ONE_BATCH),
              record(function, shapes, weights, OTHER_BATCH));
      trace.check();
      return trace;
    } catch (UnreadableFunctionException unreadable) {
      throw new InvalidInputException(
          where,
          unreadable.getMessage()
              + " (write it as a block with an io.radnet.exporter.convert.BlockConverter of its own"
              + " and add that by Converters.with)",
          unreadable);
    } catch (UnsupportedOperationException | IllegalArgumentException failure) {
      throw new InvalidInputException(
          where, "DJL does not run it: " + failure.getMessage(), failure);
    }
  }

  private static Recording record(
      Function<NDList, NDList> function,
      List<Shape> shapes,
      Map<String, String> weights,
      int batch) {
    Recording recording = new Recording(shapes.size(), weights);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDList inputs = new NDList();
      for (int index = 0; index < shapes.size(); index++) {
        Shape shape = new Shape(batch).addAll(shapes.get(index).slice(1));
        inputs.add(TracedArray.of(recording, new Operand.Made(index), manager.zeros(shape)));
      }
      for (NDArray output : function.apply(inputs)) {
        recording.outputs().add(recording.operand(output));
      }
    }
    return recording;
  }

  private void check() {
    if (one.steps().size() != other.steps().size() || !one.outputs().equals(other.outputs())) {
      throw dependsOnBatch();
    }
    for (int index = 0; index < one.steps().size(); index++) {
      Step left = one.steps().get(index);
      Step right = other.steps().get(index);
      if (!left.operator().equals(right.operator())
          || !left.attributes().equals(right.attributes())
          || left.operands().size() != right.operands().size()) {
        throw dependsOnBatch();
      }
      for (int operand = 0; operand < left.operands().size(); operand++) {
        joined(left.operands().get(operand), right.operands().get(operand));
      }
    }
  }

  /** Sizes that differ by the batch, in its own place, are the input's. */
  private static Operand joined(Operand left, Operand right) {
    if (left.equals(right)) {
      return left;
    }
    if (left instanceof Operand.Sizes a && right instanceof Operand.Sizes b) {
      long[] sizes = a.values();
      if (sizes.length > 0 && sizes[0] == ONE_BATCH && b.values()[0] == OTHER_BATCH) {
        sizes[0] = 0;
        long[] rest = b.values();
        rest[0] = 0;
        if (Arrays.equals(sizes, rest)) {
          return new Operand.Sizes(sizes);
        }
      }
    }
    throw dependsOnBatch();
  }

  private static UnreadableFunctionException dependsOnBatch() {
    return new UnreadableFunctionException(
        "the function does something else for another size of the batch");
  }

  /**
   * Writes the function's operators.
   *
   * @param inputs as many as there were shapes
   * @return the values of its outputs
   */
  public List<Value> write(List<Value> inputs, Target target) {
    List<Value> values = new ArrayList<>(inputs);
    for (int index = 0; index < one.steps().size(); index++) {
      Step step = one.steps().get(index);
      List<Operand> operands = new ArrayList<>();
      for (int operand = 0; operand < step.operands().size(); operand++) {
        operands.add(
            joined(step.operands().get(operand), other.steps().get(index).operands().get(operand)));
      }
      values.add(write(step, operands, values, target));
    }
    return one.outputs().stream().map(output -> value(output, values, target)).toList();
  }

  private static Value write(Step step, List<Operand> operands, List<Value> values, Target target) {
    if (step.operator().equals("Reshape")
        && operands.get(1) instanceof Operand.Sizes sizes
        && Arrays.equals(sizes.values(), new long[] {0, -1})) {
      return target.add(
          "Flatten",
          List.of(value(operands.get(0), values, target)),
          Attributes.integer("axis", 1));
    }
    return target.add(
        step.operator(),
        operands.stream().map(operand -> value(operand, values, target)).toList(),
        step.attributes().toArray(AttributeProto[]::new));
  }

  private static Value value(Operand operand, List<Value> values, Target target) {
    if (operand instanceof Operand.Made made) {
      return values.get(made.index());
    }
    if (operand instanceof Operand.Constant constant) {
      return target.constant(constant.name(), constant.tensor());
    }
    return operand instanceof Operand.Sizes sizes
        ? target.constant("sizes", Tensor.longs(sizes.values(), sizes.values().length))
        : new Value("");
  }
}
