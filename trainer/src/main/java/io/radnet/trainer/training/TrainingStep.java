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
    for (Batch part : batch.parts(parts)) {
      double share = (double) part.size() / batch.size();
      double[] ofHeads = new double[headLosses.length];
      losses.add(ofHeads);
      cut.add(
          new Replicas.Part(
              share, (network, store, step) -> evaluate(part, ofHeads, network, store, step)));
    }
    Replicas.Result result = replicas.step(cut, path -> rate, maximumNorm);
    // In the order of the parts, whichever was done first, so that the sum is the same every time.
    for (int p = 0; p < losses.size(); p++) {
      for (int h = 0; h < headLosses.length; h++) {
        headLosses[h] += cut.get(p).share() * losses.get(p)[h];
      }
    }
    steps++;
    return result;
  }

  private NDArray evaluate(
      Batch part, double[] ofHeads, Block network, ParameterStore store, NDManager step) {
    NDArray input = Predictions.input(step, part);
    NDList outputs = network.forward(store, new NDList(input), true);
    NDList losses = loss.evaluate(outputs, part.targets());
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
