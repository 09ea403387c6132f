package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;

/**
 * Encoder and decoder: [N, 1, D, H, W] in [0, 1] to logits [N, classes, D, H, W]. The encoder's
 * weights have the same paths as in {@link LabelNetwork}, so that a backbone's weights fit.
 */
public final class SegmentationNetwork extends TreeBlock {
  private final Encoder encoder;
  private final Decoder decoder;

  /**
   * @param architecture the sizes
   * @param classes classes, background included
   */
  public SegmentationNetwork(Architecture architecture, int classes) {
    encoder = child("encoder", new Encoder(architecture));
    decoder = child("decoder", new Decoder(architecture, classes));
  }

  /** The backbone. */
  public Encoder encoder() {
    return encoder;
  }

  /** From the encoder's levels to logits. */
  public Decoder decoder() {
    return decoder;
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    visitor.visit(encoder, inputs);
    Shape[] levels = encoder.getOutputShapes(inputs);
    visitor.visit(decoder, levels);
    return decoder.getOutputShapes(levels);
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    return decoder.forward(store, encoder.forward(store, inputs, training), training);
  }
}
