package io.radnet.exporter.convert;

import ai.djl.nn.norm.Dropout;
import io.radnet.exporter.graph.Value;
import java.util.List;

/** Dropout does nothing in inference. */
final class DropoutConverter implements BlockConverter<Dropout> {
  @Override
  public Class<Dropout> kind() {
    return Dropout.class;
  }

  @Override
  public List<Value> convert(Dropout block, List<Value> inputs, Conversion conversion) {
    return inputs;
  }
}
