package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.trainer.data.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One step of a label network: forward, loss, backward, clipping and the optimiser. */
public final class TrainingStep {
  private final Replicas replicas;
  private final int parts;
  private final MultiHeadLoss loss;
  private final double maximumNorm;
  private final double[] headLosses;
  private long steps;

  /**
   * @param replicas of the network
   * @param parts that a batch is cut into, at most
   * @param maximumNorm of the gradient over all weights
   */
  public TrainingStep(Replicas replicas, int parts, MultiHeadLoss loss, double maximumNorm) {
    this.replicas = replicas;
    this.parts = parts;
    this.loss = loss;
    this.maximumNorm = maximumNorm;
    this.headLosses = new double[loss.heads()];
  }

  /** Learns from one batch at this rate. */
  public Replicas.Result run(Batch batch, double rate) {
    List<Replicas.Part> cut = new ArrayList<>();
    List<double[]> losses = new ArrayList<>();
    float[] totals = loss.totals(batch.targets());
    for (Batch part : batch.parts(parts)) {
      double[] ofHeads = new double[headLosses.length];
      losses.add(ofHeads);
      cut.add(
          new Replicas.Part(
              1, // the loss of a part is what it adds to the batch's
              (network, store, step) -> evaluate(part, totals, ofHeads, network, store, step)));
    }
    Replicas.Result result = replicas.step(cut, path -> rate, maximumNorm);
    // In the order of the parts, whichever was done first, so that the sum is the same every time.
    for (double[] ofHeads : losses) {
      for (int h = 0; h < headLosses.length; h++) {
        headLosses[h] += ofHeads[h];
      }
    }
    steps++;
    return result;
  }

  private NDArray evaluate(
      Batch part,
      float[] totals,
      double[] ofHeads,
      Block network,
      ParameterStore store,
      NDManager step) {
    NDArray input = Predictions.input(step, part);
    NDList outputs = network.forward(store, new NDList(input), true);
    NDList losses = loss.evaluate(outputs, part.targets(), totals);
    for (int h = 0; h < ofHeads.length; h++) {
      ofHeads[h] = losses.get(1 + h).getFloat();
    }
    return losses.get(0);
  }

  /** The mean loss of each head, in order, since this was asked last. */
  double[] headLosses() {
    double[] means = new double[headLosses.length];
    for (int h = 0; h < means.length; h++) {
      means[h] = headLosses[h] / Math.max(1, steps);
    }
    Arrays.fill(headLosses, 0);
    steps = 0;
    return means;
  }
}
