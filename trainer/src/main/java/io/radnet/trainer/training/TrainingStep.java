package io.radnet.trainer.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.Batch;

/** One step of a label network: forward, loss, backward, clipping and the optimiser. */
public final class TrainingStep {
  private final Block network;
  private final NDManager manager;
  private final Recipe recipe;
  private final MultiHeadLoss loss;
  private final AdamW optimiser;
  private final double maximumNorm;
  private final ParameterStore store;

  /**
   * What a step came to.
   *
   * @param loss of the batch, before the step
   * @param gradientNorm before clipping; where it is not finite, the weights stayed as they were
   */
  public record Result(double loss, double gradientNorm) {}

  /**
   * @param network with its weights in {@code manager}
   * @param maximumNorm of the gradient over all weights
   */
  public TrainingStep(
      Block network,
      NDManager manager,
      Recipe recipe,
      MultiHeadLoss loss,
      AdamW optimiser,
      double maximumNorm) {
    this.network = network;
    this.manager = manager;
    this.recipe = recipe;
    this.loss = loss;
    this.optimiser = optimiser;
    this.maximumNorm = maximumNorm;
    this.store = new ParameterStore(manager, false);
  }

  /** Learns from one batch at this rate. */
  public Result run(Batch batch, double rate) {
    double value = forwardBackward(batch);
    return new Result(value, optimiser.step(path -> rate, maximumNorm));
  }

  private double forwardBackward(Batch batch) {
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = Engine.getEngine(Devices.ENGINE).newGradientCollector()) {
      NDArray input = Predictions.input(step, batch, recipe);
      NDList outputs = network.forward(store, new NDList(input), true);
      NDArray total = loss.evaluate(outputs, batch.targets()).get(0);
      collector.backward(total);
      return total.getFloat();
    }
  }
}
