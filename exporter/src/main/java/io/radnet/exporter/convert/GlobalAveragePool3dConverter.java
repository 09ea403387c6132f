package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.GlobalAveragePool3d;
import java.util.List;

/** GlobalAveragePool to [N, C, 1, 1, 1], then Flatten to [N, C]. */
final class GlobalAveragePool3dConverter implements BlockConverter<GlobalAveragePool3d> {
  @Override
  public Class<GlobalAveragePool3d> kind() {
    return GlobalAveragePool3d.class;
  }

  @Override
  public List<Value> convert(GlobalAveragePool3d block, List<Value> inputs, Conversion conversion) {
    Value pooled = conversion.addStep("mean", "GlobalAveragePool", inputs);
    return List.of(conversion.add("Flatten", List.of(pooled), Attributes.integer("axis", 1)));
  }
}
