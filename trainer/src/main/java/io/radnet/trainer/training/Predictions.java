package io.radnet.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.Batch;
import io.radnet.trainer.data.Batches;
import io.radnet.trainer.data.PlaneReduction;
import io.radnet.trainer.data.Sample;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a label network over series. */
public final class Predictions {
  private Predictions() {}

  /**
   * The logits of each sample, in order.
   *
   * @param network with its weights in {@code manager}
   * @param reduction of each volume
   * @return per sample and head, one value per class
   */
  public static List<float[][]> logits(
      Block network,
      NDManager manager,
      PlaneReduction reduction,
      List<Sample> samples,
      int batchSize,
      int threads)
      throws InterruptedException {
    List<float[][]> all = new ArrayList<>(samples.size());
    ParameterStore store = new ParameterStore(manager, false);
    try (Batches batches =
        new Batches(samples, reduction, batchSize, Optional.empty(), 0, 0, threads)) {
      while (!batches.done()) {
        Batch batch = batches.take();
        try (NDManager step = manager.newSubManager()) {
          NDArray input = input(step, batch);
          NDList outputs = network.forward(store, new NDList(input), false);
          addRows(all, outputs, batch.size());
        }
      }
    }
    return all;
  }

  /** [N, 1, D, H, W]. On a CPU the array uses the batch's own memory. */
  static NDArray input(NDManager manager, Batch batch) {
    return manager.create(
        batch.volumes().duplicate().order(ByteOrder.nativeOrder()),
        new Shape(batch.size(), 1, batch.grid().get(0), batch.grid().get(1), batch.grid().get(2)),
        DataType.FLOAT32);
  }

  private static void addRows(List<float[][]> all, NDList outputs, int size) {
    int heads = outputs.size() - 1;
    float[][][] rows = new float[size][heads][];
    for (int h = 0; h < heads; h++) {
      float[] values = outputs.get(1 + h).toFloatArray();
      int classes = values.length / size;
      for (int n = 0; n < size; n++) {
        rows[n][h] = java.util.Arrays.copyOfRange(values, n * classes, (n + 1) * classes);
      }
    }
    all.addAll(List.of(rows));
  }

  /** The scores of these logits against the samples' targets. */
  public static HeadScores scores(Recipe recipe, List<Sample> samples, List<float[][]> logits) {
    HeadScores scores = new HeadScores(recipe.heads());
    for (int i = 0; i < samples.size(); i++) {
      scores.add(logits.get(i), samples.get(i).target());
    }
    return scores;
  }
}
