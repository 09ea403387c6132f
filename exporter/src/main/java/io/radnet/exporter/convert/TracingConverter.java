package io.radnet.exporter.convert;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.trace.Trace;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.AttributeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A converter for a block that is read by running it on arrays which write down each call ({@link
 * Trace}), children included. For a block of your own that calls only functions which ONNX has,
 * this is all it takes: {@code Converters.standard().with(new TracingConverter<>(MyBlock.class))}.
 *
 * @param <B> the kind of block
 */
public final class TracingConverter<B extends Block> implements BlockConverter<B> {
  private final Class<B> kind;

  /** A converter for blocks of exactly this class. */
  public TracingConverter(Class<B> kind) {
    this.kind = kind;
  }

  @Override
  public Class<B> kind() {
    return kind;
  }

  @Override
  public List<Value> convert(B block, List<Value> inputs, Conversion conversion) {
    Map<String, String> weights = new HashMap<>();
    for (Pair<String, Parameter> parameter : block.getParameters()) {
      conversion.values(parameter.getValue()); // refuses one without values, by its name
      weights.put(parameter.getValue().getArray().getUid(), parameter.getKey());
    }
    List<Shape> shapes = inputShapes(block, conversion);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      ParameterStore store = new ParameterStore(manager, false);
      return convert(
          arrays -> block.forward(store, arrays, false), shapes, inputs, weights, conversion);
    }
  }

  /** The shapes that the block was initialised with. */
  static List<Shape> inputShapes(Block block, Conversion conversion) {
    if (!block.isInitialized()) {
      throw new InvalidInputException(
          conversion.where(),
          "a block that was not initialised (expected: its input's shape is known)");
    }
    return Arrays.asList(block.getInputShapes());
  }

  /** Writes what a function does. */
  static List<Value> convert(
      Function<NDList, NDList> function,
      List<Shape> shapes,
      List<Value> inputs,
      Map<String, String> weights,
      Conversion conversion) {
    if (shapes.size() != inputs.size()) {
      throw new InvalidInputException(
          conversion.where(),
          inputs.size() + " inputs (expected: " + shapes.size() + ", as it was initialised)");
    }
    return Trace.of(conversion.where(), function, shapes, weights)
        .write(
            inputs,
            new Trace.Target() {
              @Override
              public Value add(String operator, List<Value> arguments, AttributeProto... settings) {
                return conversion.add(operator, arguments, settings);
              }

              @Override
              public Value constant(String name, Tensor tensor) {
                return conversion.constant(name, tensor);
              }
            });
  }
}
