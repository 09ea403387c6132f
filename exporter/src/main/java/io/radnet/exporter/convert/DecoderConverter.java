package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.Decoder;
import java.util.List;

/** The encoder mirrored: upsampled values and the skip are joined along the channels. */
final class DecoderConverter implements BlockConverter<Decoder> {
  @Override
  public Class<Decoder> kind() {
    return Decoder.class;
  }

  @Override
  public List<Value> convert(Decoder block, List<Value> inputs, Conversion conversion) {
    int deepest = inputs.size() - 1;
    Value x = inputs.get(deepest);
    for (int step = 0; step < block.units().size(); step++) {
      String level = "level" + (block.units().size() - 1 - step);
      Value up = conversion.child(level + ".upsample", block.upsamples().get(step), x);
      Value joined =
          conversion.addStep(
              level + ".concat",
              "Concat",
              List.of(up, inputs.get(deepest - 1 - step)),
              Attributes.integer("axis", 1));
      x = conversion.child(level + ".unit", block.units().get(step), joined);
    }
    x = conversion.child("last.upsample", block.lastUpsample(), x);
    x = conversion.child("last.conv", block.lastConvolution(), x);
    x = conversion.child("last.norm", block.lastNorm(), x);
    x = conversion.addStep("last.relu", "Relu", List.of(x));
    return List.of(conversion.child("classes", block.classes(), x));
  }
}
