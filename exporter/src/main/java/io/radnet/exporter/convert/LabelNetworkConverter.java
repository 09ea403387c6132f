package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.LabelNetwork;
import java.util.ArrayList;
import java.util.List;

/** The embedding, then the logits of each head in order. */
final class LabelNetworkConverter implements BlockConverter<LabelNetwork> {
  @Override
  public Class<LabelNetwork> kind() {
    return LabelNetwork.class;
  }

  @Override
  public List<Value> convert(LabelNetwork block, List<Value> inputs, Conversion conversion) {
    List<Value> levels = conversion.child("encoder", block.encoder(), inputs);
    Value x = conversion.child("norm", block.norm(), levels.get(levels.size() - 1));
    x = conversion.addStep("relu", "Relu", List.of(x));
    x = conversion.child("pool", block.pool(), x);
    x = conversion.child("embedding", block.embedding(), x);
    Value embedding = conversion.addStep("embedding.relu", "Relu", List.of(x));
    List<Value> outputs = new ArrayList<>();
    outputs.add(embedding);
    for (int head = 0; head < block.heads().size(); head++) {
      String name = "heads." + block.headNames().get(head);
      outputs.add(conversion.child(name, block.heads().get(head), embedding));
    }
    return outputs;
  }
}
