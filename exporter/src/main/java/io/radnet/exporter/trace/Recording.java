package io.radnet.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.radnet.exporter.graph.Tensor;
import io.radnet.proto.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The steps of one run of a function, in order. */
final class Recording {
  private final int inputs;
  private final Map<String, String> weights;
  private final List<Step> steps = new ArrayList<>();
  private final List<Operand> outputs = new ArrayList<>();

  /**
   * @param inputs how many arrays the function gets
   * @param weights names of arrays that are known, by their unique identifier
   */
  Recording(int inputs, Map<String, String> weights) {
    this.inputs = inputs;
    this.weights = weights;
  }

  List<Step> steps() {
    return steps;
  }

  List<Operand> outputs() {
    return outputs;
  }

  int inputs() {
    return inputs;
  }

  Operand.Made add(String operator, List<? extends Operand> operands, AttributeProto... settings) {
    steps.add(new Step(operator, List.copyOf(operands), List.of(settings)));
    return new Operand.Made(inputs + steps.size() - 1);
  }

  /** An array of the trace, an array of the function's own, or a number. */
  Operand operand(Object argument) {
    if (argument instanceof Number number) {
      return number(number);
    }
    NDArray array = (NDArray) argument;
    TracedArray traced = TracedArray.behind(array);
    return traced == null ? constant(array) : traced.value();
  }

  static Operand.Constant number(Number number) {
    return new Operand.Constant("number", Tensor.floats(new float[] {number.floatValue()}));
  }

  static Operand.Constant longs(String name, long... values) {
    return new Operand.Constant(name, Tensor.longs(values, values.length));
  }

  Operand.Constant constant(NDArray array) {
    if (array.getDataType() != DataType.FLOAT32) {
      throw new UnreadableFunctionException(
          "an array of type " + array.getDataType() + " (expected: float32)");
    }
    return new Operand.Constant(
        weights.getOrDefault(array.getUid(), "constant"),
        Tensor.floats(array.toFloatArray(), array.getShape().getShape()));
  }
}
