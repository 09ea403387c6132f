package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.Encoder;
import io.radnet.trainer.network.ResidualUnit;
import java.util.ArrayList;
import java.util.List;

/** The stem and the stages; the outputs are the stem and each stage. */
final class EncoderConverter implements BlockConverter<Encoder> {
  @Override
  public Class<Encoder> kind() {
    return Encoder.class;
  }

  @Override
  public List<Value> convert(Encoder block, List<Value> inputs, Conversion conversion) {
    List<Value> outputs = new ArrayList<>();
    Value x = conversion.child("stem", block.stem(), inputs.get(0));
    outputs.add(x);
    for (int stage = 0; stage < block.stages().size(); stage++) {
      x = conversion.child("pool" + (stage + 1), block.pools().get(stage), x);
      List<ResidualUnit> units = block.stages().get(stage);
      for (int unit = 0; unit < units.size(); unit++) {
        String name = "stage" + (stage + 1) + ".unit" + (unit + 1);
        x = conversion.child(name, units.get(unit), x);
      }
      outputs.add(x);
    }
    return outputs;
  }
}
