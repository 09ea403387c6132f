package io.radnet.trainer.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Mean cross-entropy over voxels plus one less the soft Dice, {@code 2 sum(p t) / (sum(p) +
 * sum(t))}, averaged over the foreground classes; sums run over the batch (Milletari et al. 2016,
 * Isensee et al. 2021).
 */
final class DiceCrossEntropy {
  private static final float SMOOTHING = 1;

  private DiceCrossEntropy() {}

  /**
   * @param logits [N, C, D, H, W]
   * @param labels [N, D, H, W], class indices
   * @return a scalar
   */
  static NDArray evaluate(NDArray logits, byte[] labels) {
    Shape shape = logits.getShape();
    int batch = (int) shape.get(0);
    int classes = (int) shape.get(1);
    int voxels = labels.length / batch;
    float[] oneHot = new float[labels.length * classes];
    for (int n = 0; n < batch; n++) {
      for (int v = 0; v < voxels; v++) {
        oneHot[(n * classes + (labels[n * voxels + v] & 0xff)) * voxels + v] = 1;
      }
    }
    Shape flat = new Shape(batch, classes, voxels);
    // Every number is an array of the step, see MultiHeadLoss.
    NDManager manager = logits.getManager();
    NDArray truth = manager.create(oneHot, flat);
    NDArray logProbability = logits.reshape(flat).logSoftmax(1);
    NDArray crossEntropy = logProbability.mul(truth).sum().mul(manager.create(-1f / labels.length));
    NDArray probability = logProbability.exp();
    int[] axes = {0, 2};
    NDArray shared = probability.mul(truth).sum(axes);
    NDArray sizes = probability.sum(axes).add(truth.sum(axes));
    NDArray smoothing = manager.create(SMOOTHING);
    NDArray dice = shared.add(shared).add(smoothing).div(sizes.add(smoothing));
    float[] foreground = new float[classes];
    Arrays.fill(foreground, 1, classes, -1f / (classes - 1));
    NDArray lessMeanDice = dice.mul(manager.create(foreground)).sum();
    return crossEntropy.add(lessMeanDice).add(manager.create(1f));
  }
}
