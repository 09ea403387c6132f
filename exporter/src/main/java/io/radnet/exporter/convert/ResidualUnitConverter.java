package io.radnet.exporter.convert;

import ai.djl.nn.Block;
import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.ResidualUnit;
import java.util.List;

/** A pre-activation bottleneck. */
final class ResidualUnitConverter implements BlockConverter<ResidualUnit> {
  @Override
  public Class<ResidualUnit> kind() {
    return ResidualUnit.class;
  }

  @Override
  public List<Value> convert(ResidualUnit block, List<Value> inputs, Conversion conversion) {
    Value raw = inputs.get(0);
    Value first = activated("1", block.norm1(), raw, conversion);
    Value x = conversion.child("conv1", block.conv1(), first);
    x = activated("2", block.norm2(), x, conversion);
    x = conversion.child("conv2", block.conv2(), x);
    x = activated("3", block.norm3(), x, conversion);
    x = conversion.child("conv3", block.conv3(), x);
    Value past = block.shortcut() == ResidualUnit.Shortcut.RAW ? raw : first;
    Value shortcut = conversion.child("projection", block.projection(), past);
    return List.of(conversion.addStep("add", "Add", List.of(x, shortcut)));
  }

  private static Value activated(String number, Block norm, Value x, Conversion conversion) {
    Value normalised = conversion.child("norm" + number, norm, x);
    return conversion.addStep("relu" + number, "Relu", List.of(normalised));
  }
}
