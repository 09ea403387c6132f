package io.radnet.exporter.convert;

import ai.djl.nn.LambdaBlock;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import io.radnet.imaging.InvalidInputException;
import java.util.List;

/**
 * A function with a declared meaning: its name, as DJL's factories of activations without settings
 * give it. A function without such a name cannot be read.
 */
final class LambdaConverter implements BlockConverter<LambdaBlock> {
  @Override
  public Class<LambdaBlock> kind() {
    return LambdaBlock.class;
  }

  @Override
  public List<Value> convert(LambdaBlock block, List<Value> inputs, Conversion conversion) {
    return switch (block.getName()) {
      case "ReLU" -> each("Relu", inputs, conversion);
      case "sigmoid" -> each("Sigmoid", inputs, conversion);
      case "Tanh" -> each("Tanh", inputs, conversion);
      case "softPlus" -> each("Softplus", inputs, conversion);
      case "softSign" -> each("Softsign", inputs, conversion);
      case "identity" -> inputs;
      case "batchFlatten" ->
          List.of(conversion.add("Flatten", inputs, Attributes.integer("axis", 1)));
      default ->
          throw new InvalidInputException(
              conversion.path(),
              "a function named "
                  + block.getName()
                  + " (expected: ReLU, sigmoid, Tanh, softPlus, softSign, identity or"
                  + " batchFlatten; write other functions as a block with a converter)");
    };
  }

  private static List<Value> each(String operator, List<Value> inputs, Conversion conversion) {
    return inputs.stream().map(input -> conversion.add(operator, List.of(input))).toList();
  }
}
