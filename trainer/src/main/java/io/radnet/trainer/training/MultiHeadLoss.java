package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Target;
import java.util.List;

/**
 * The sum over heads of: cross-entropy (softmax), binary cross-entropy (sigmoid), and Huber with a
 * threshold of {@value #HUBER_THRESHOLD} on the natural logarithm (linear), each the weighted mean
 * over what is known in the batch, times the head's own weight. A head of which nothing is known
 * adds zero. The losses of a batch's parts add up to that of the batch: each divides its weighted
 * terms by the weight of the whole batch. (A mean over each part would cancel the classes' weights
 * in parts of one volume, and shrink a head that only some parts know.)
 *
 * <p>Numbers are arrays here that live as long as the step. DJL's operators that take a {@code
 * Number}, such as {@code div(2)}, free the number's memory when they return, and the backward pass
 * of PyTorch, which still refers to it, then reads whatever is there after a garbage collection.
 */
public final class MultiHeadLoss {
  /** Where the Huber loss turns from square to linear: about 10 percent of the spacing. */
  private static final float HUBER_THRESHOLD = 0.1f;

  private final List<Head> heads;
  private final HeadBalance balance;
  private final double[] headWeights;
  private final float[][] shifts;

  /**
   * @param heads of the recipe
   * @param balance weights of the classes
   * @param headWeights of the heads in the sum
   */
  public MultiHeadLoss(List<Head> heads, HeadBalance balance, HeadWeights headWeights) {
    this.heads = List.copyOf(heads);
    this.balance = balance;
    this.headWeights = headWeights.of(heads);
    this.shifts = new float[heads.size()][];
    for (int h = 0; h < shifts.length; h++) {
      shifts[h] = new float[heads.get(h).classes().size()];
      for (int c = 0; c < shifts[h].length; c++) {
        shifts[h][c] = (float) Math.log(balance.weight(h, c, true));
      }
    }
  }

  /** How many parts the sum has. */
  int heads() {
    return heads.size();
  }

  /**
   * The weight of what is known in a batch.
   *
   * @param targets of the whole batch
   * @return a sum per head
   */
  public float[] totals(List<Target> targets) {
    float[] totals = new float[heads.size()];
    for (int h = 0; h < totals.length; h++) {
      int classes = heads.get(h).classes().size();
      for (Target target : targets) {
        if (target.known()[h]) {
          for (int c = 0; c < classes; c++) {
            totals[h] += weight(h, c, target);
          }
        }
      }
    }
    return totals;
  }

  private float weight(int h, int c, Target target) {
    boolean linear = heads.get(h).activation() == Head.Activation.LINEAR;
    return balance.weight(h, c, linear || target.values()[h][c] > 0.5f);
  }

  /**
   * What a batch, or a part of one, adds to the loss of the batch.
   *
   * @param outputs embedding, then logits [N, classes] per head
   * @param targets one per row
   * @param totals {@link #totals} of the whole batch
   * @return the weighted sum, then each head's part before its weight, all scalars
   */
  public NDList evaluate(NDList outputs, List<Target> targets, float[] totals) {
    NDList parts = new NDList();
    NDArray sum = null;
    for (int h = 0; h < heads.size(); h++) {
      NDArray part = head(h, outputs.get(1 + h), targets, totals[h]);
      parts.add(part);
      NDArray weighted = part.mul(part.getManager().create((float) headWeights[h]));
      sum = sum == null ? weighted : sum.add(weighted);
    }
    if (sum == null) {
      throw new IllegalStateException("heads: 0 (expected: >= 1)");
    }
    NDList all = new NDList(sum);
    all.addAll(parts);
    return all;
  }

  private NDArray head(int h, NDArray logits, List<Target> targets, float total) {
    int classes = heads.get(h).classes().size();
    float[] values = new float[targets.size() * classes];
    float[] weights = new float[values.length];
    for (int n = 0; n < targets.size(); n++) {
      Target target = targets.get(n);
      if (target.known()[h]) {
        for (int c = 0; c < classes; c++) {
          values[n * classes + c] = target.values()[h][c];
          weights[n * classes + c] = weight(h, c, target) / Math.max(total, 1e-6f);
        }
      }
    }
    NDManager manager = logits.getManager();
    Shape shape = logits.getShape();
    NDArray truth = manager.create(values, shape);
    NDArray weight = manager.create(weights, shape);
    NDArray each =
        switch (heads.get(h).activation()) {
          case SOFTMAX -> logits.add(manager.create(shifts[h])).logSoftmax(1).neg().mul(truth);
          // max(x, 0) - x z + log(1 + exp(-|x|)) does not overflow.
          case SIGMOID ->
              Activation.relu(logits)
                  .sub(logits.mul(truth))
                  .add(logits.abs().neg().exp().add(manager.create(1f)).log());
          case LINEAR -> {
            NDArray distance = logits.sub(truth).abs();
            NDArray near = distance.minimum(manager.create(HUBER_THRESHOLD));
            NDArray steepness = manager.create(0.5f / HUBER_THRESHOLD);
            yield near.square().mul(steepness).add(distance.sub(near));
          }
        };
    return each.mul(weight).sum();
  }
}
