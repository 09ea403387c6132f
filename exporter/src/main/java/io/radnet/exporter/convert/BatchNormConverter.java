package io.radnet.exporter.convert;

import ai.djl.nn.Parameter;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.BatchNorm;
import java.util.ArrayList;
import java.util.List;

/** Normalisation with the running statistics, as ONNX's operator of that name; folded later. */
final class BatchNormConverter implements BlockConverter<BatchNorm> {
  @Override
  public Class<BatchNorm> kind() {
    return BatchNorm.class;
  }

  @Override
  public List<Value> convert(BatchNorm block, List<Value> inputs, Conversion conversion) {
    List<Value> arguments = new ArrayList<>(inputs);
    for (Parameter parameter :
        List.of(block.gamma(), block.beta(), block.runningMean(), block.runningVariance())) {
      arguments.add(conversion.weight(parameter));
    }
    return List.of(
        conversion.add(
            "BatchNormalization", arguments, Attributes.real("epsilon", block.epsilon())));
  }
}
