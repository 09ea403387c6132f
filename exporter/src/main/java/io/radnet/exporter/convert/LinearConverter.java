package io.radnet.exporter.convert;

import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** A dense layer on [N, features]: Gemm with the weight [units, features] transposed. */
final class LinearConverter implements BlockConverter<Linear> {
  @Override
  public Class<Linear> kind() {
    return Linear.class;
  }

  @Override
  public List<Value> convert(Linear block, List<Value> inputs, Conversion conversion) {
    List<Value> arguments = new ArrayList<>(inputs);
    for (Parameter parameter : block.getDirectParameters().values()) {
      arguments.add(conversion.weight(parameter));
    }
    return List.of(conversion.add("Gemm", arguments, Attributes.integer("transB", 1)));
  }
}
