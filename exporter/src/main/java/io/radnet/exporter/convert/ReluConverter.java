package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.Relu;
import java.util.List;

/** Relu. */
final class ReluConverter implements BlockConverter<Relu> {
  @Override
  public Class<Relu> kind() {
    return Relu.class;
  }

  @Override
  public List<Value> convert(Relu block, List<Value> inputs, Conversion conversion) {
    return List.of(conversion.add("Relu", inputs));
  }
}
