package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.SegmentationNetwork;
import java.util.List;

/** Encoder, then decoder; one output, the logits. */
final class SegmentationNetworkConverter implements BlockConverter<SegmentationNetwork> {
  @Override
  public Class<SegmentationNetwork> kind() {
    return SegmentationNetwork.class;
  }

  @Override
  public List<Value> convert(SegmentationNetwork block, List<Value> inputs, Conversion conversion) {
    List<Value> levels = conversion.child("encoder", block.encoder(), inputs);
    return conversion.child("decoder", block.decoder(), levels);
  }
}
