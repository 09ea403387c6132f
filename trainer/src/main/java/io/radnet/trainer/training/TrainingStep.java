package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.Batch;
import java.util.ArrayList;
import java.util.List;

/** One step of a label network: forward, loss, backward, clipping and the optimiser. */
public final class TrainingStep {
  private final Replicas replicas;
  private final int parts;
  private final Recipe recipe;
  private final MultiHeadLoss loss;
  private final double maximumNorm;

  /**
   * @param replicas of the network
   * @param parts that a batch is cut into, at most
   * @param maximumNorm of the gradient over all weights
   */
  public TrainingStep(
      Replicas replicas, int parts, Recipe recipe, MultiHeadLoss loss, double maximumNorm) {
    this.replicas = replicas;
    this.parts = parts;
    this.recipe = recipe;
    this.loss = loss;
    this.maximumNorm = maximumNorm;
  }

  /** Learns from one batch at this rate. */
  public Replicas.Result run(Batch batch, double rate) {
    List<Replicas.Part> cut = new ArrayList<>();
    for (Batch part : batch.parts(parts)) {
      cut.add(
          new Replicas.Part(
              (double) part.size() / batch.size(),
              (network, store, step) -> evaluate(part, network, store, step)));
    }
    return replicas.step(cut, path -> rate, maximumNorm);
  }

  private NDArray evaluate(Batch part, Block network, ParameterStore store, NDManager step) {
    NDArray input = Predictions.input(step, part, recipe);
    NDList outputs = network.forward(store, new NDList(input), true);
    return loss.evaluate(outputs, part.targets()).get(0);
  }
}
