package io.radnet.exporter.convert;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import io.radnet.exporter.graph.Value;
import java.util.List;
import java.util.Map;

/**
 * A function: DJL's activations, its pooling blocks, and what people write themselves. DJL keeps no
 * settings of it, so it is asked by a trace. Its name means nothing here.
 */
final class LambdaConverter implements BlockConverter<LambdaBlock> {
  @Override
  public Class<LambdaBlock> kind() {
    return LambdaBlock.class;
  }

  @Override
  public List<Value> convert(LambdaBlock block, List<Value> inputs, Conversion conversion) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      ParameterStore store = new ParameterStore(manager, false);
      return TracingConverter.convert(
          arrays -> block.forward(store, arrays, false),
          TracingConverter.inputShapes(block, conversion),
          inputs,
          Map.of(),
          conversion);
    }
  }
}
