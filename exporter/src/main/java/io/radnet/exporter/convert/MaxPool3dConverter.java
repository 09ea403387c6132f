package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.MaxPool3d;
import java.util.List;

/** MaxPool without padding; a rest at the end is dropped, as in DJL. */
final class MaxPool3dConverter implements BlockConverter<MaxPool3d> {
  @Override
  public Class<MaxPool3d> kind() {
    return MaxPool3d.class;
  }

  @Override
  public List<Value> convert(MaxPool3d block, List<Value> inputs, Conversion conversion) {
    return List.of(
        conversion.add(
            "MaxPool",
            inputs,
            Attributes.integers("kernel_shape", block.kernel().getShape()),
            Attributes.integers("strides", block.stride().getShape())));
  }
}
