package io.radnet.trainer.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.Recipe.Head;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Encoder, normalisation, ReLU, global average pooling, a dense layer with ReLU (the embedding),
 * and one linear layer per head.
 *
 * <p>Input [N, 1, D, H, W] in [0, 1]. Output: the embedding [N, E], then for each head in order its
 * logits [N, classes].
 */
public final class LabelNetwork extends TreeBlock {
  private final Relu relu = new Relu();
  private final GlobalAveragePool3d pool = new GlobalAveragePool3d();
  private final Encoder encoder;
  private final BatchNorm norm;
  private final Linear embedding;
  private final List<String> headNames = new ArrayList<>();
  private final List<Linear> heads = new ArrayList<>();

  /**
   * @param architecture the sizes
   * @param heads the outputs in order
   */
  public LabelNetwork(Architecture architecture, List<Head> heads) {
    encoder = child("encoder", new Encoder(architecture));
    norm = child("norm", new BatchNorm());
    embedding = child("embedding", Layers.linear(architecture.embedding()));
    for (Head head : heads) {
      headNames.add(head.name());
      this.heads.add(child("heads." + head.name(), Layers.linear(head.classes().size())));
    }
  }

  /** The backbone. */
  public Encoder encoder() {
    return encoder;
  }

  /** Normalises the last stage, before ReLU and pooling. */
  public BatchNorm norm() {
    return norm;
  }

  /** Between {@link #norm} and {@link #embedding}. */
  public GlobalAveragePool3d pool() {
    return pool;
  }

  /** Pooled channels to the embedding; ReLU follows. */
  public Linear embedding() {
    return embedding;
  }

  /** Names of the heads in order. */
  public List<String> headNames() {
    return Collections.unmodifiableList(headNames);
  }

  /** Embedding to logits, one per head in order. */
  public List<Linear> heads() {
    return Collections.unmodifiableList(heads);
  }

  @Override
  Shape[] walk(Visitor visitor, Shape[] inputs) {
    visitor.visit(encoder, inputs);
    Shape[] levels = encoder.getOutputShapes(inputs);
    Shape x = visit(visitor, norm, levels[levels.length - 1]);
    x = pool.getOutputShapes(new Shape[] {x})[0];
    x = visit(visitor, embedding, x);
    List<Shape> outputs = new ArrayList<>();
    outputs.add(x);
    for (Linear head : heads) {
      outputs.add(visit(visitor, head, x));
    }
    return outputs.toArray(new Shape[0]);
  }

  @Override
  NDList run(ParameterStore store, NDList inputs, boolean training) {
    NDList levels = encoder.forward(store, inputs, training);
    NDList x = norm.forward(store, new NDList(levels.get(levels.size() - 1)), training);
    x = pool.forward(store, relu.forward(store, x, training), training);
    NDList vector = relu.forward(store, embedding.forward(store, x, training), training);
    NDList outputs = new NDList(vector.singletonOrThrow());
    for (Linear head : heads) {
      outputs.addAll(head.forward(store, vector, training));
    }
    return outputs;
  }
}
