package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.BatchNorm;
import java.util.List;

/** Normalisation with the running statistics. */
final class BatchNormConverter implements BlockConverter<BatchNorm> {
  @Override
  public Class<BatchNorm> kind() {
    return BatchNorm.class;
  }

  @Override
  public List<Value> convert(BatchNorm block, List<Value> inputs, Conversion conversion) {
    return List.of(
        Normalisation.add(
            inputs.get(0),
            conversion.values(block.gamma()),
            conversion.values(block.beta()),
            conversion.values(block.runningMean()),
            conversion.values(block.runningVariance()),
            block.epsilon(),
            conversion));
  }
}
