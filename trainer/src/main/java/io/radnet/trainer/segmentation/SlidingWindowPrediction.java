package io.radnet.trainer.segmentation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Preprocessor;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.SlidingWindow;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Segments whole scans window by window, as the server does, and blends the logits. */
public final class SlidingWindowPrediction {
  private static final int WINDOWS_AT_ONCE = 4;

  private final Block network;
  private final NDManager manager;
  private final Recipe recipe;

  /**
   * @param network a segmentation network with its weights in {@code manager}
   */
  public SlidingWindowPrediction(Block network, NDManager manager, Recipe recipe) {
    this.network = network;
    this.manager = manager;
    this.recipe = recipe;
  }

  /**
   * The mask of a scan.
   *
   * @param input on the recipe's spacing and axes
   * @param scan the grid of the mask
   */
  public LabelMap segment(ModelInput input, Geometry scan) {
    Map<Integer, String> names = new TreeMap<>();
    for (int c = 1; c < recipe.labels().size(); c++) {
      names.put(c, recipe.labels().get(c));
    }
    return new Preprocessor(recipe)
        .restoreMask(logits(input), recipe.labels().size(), input.geometry(), scan, names);
  }

  /** Blended logits [C, D, H, W] on the input's grid. */
  float[] logits(ModelInput input) {
    Geometry grid = input.geometry();
    int[] size = {grid.depth(), grid.height(), grid.width()};
    int[] window = recipe.grid().stream().mapToInt(Integer::intValue).toArray();
    float[] blending = SlidingWindow.blending(window, recipe.slidingWindow().gaussianSigma());
    List<int[]> origins = SlidingWindow.origins(size, window, recipe.slidingWindow().overlap());
    int classes = recipe.labels().size();
    int voxels = input.values().length;
    float[] sum = new float[Math.multiplyExact(classes, voxels)];
    float[] weight = new float[voxels];
    ParameterStore store = new ParameterStore(manager, false);
    for (int first = 0; first < origins.size(); first += WINDOWS_AT_ONCE) {
      List<int[]> batch = origins.subList(first, Math.min(origins.size(), first + WINDOWS_AT_ONCE));
      FloatBuffer volumes = cut(input, batch, window);
      try (NDManager step = manager.newSubManager()) {
        NDArray stacked =
            step.create(volumes, new Shape(batch.size(), 1, window[0], window[1], window[2]));
        float[] answer =
            network.forward(store, new NDList(stacked), false).singletonOrThrow().toFloatArray();
        for (int n = 0; n < batch.size(); n++) {
          blend(answer, n, batch.get(n), window, blending, size, sum, weight, classes);
        }
      }
    }
    for (int c = 0; c < classes; c++) {
      for (int v = 0; v < voxels; v++) {
        sum[c * voxels + v] /= weight[v];
      }
    }
    return sum;
  }

  private static FloatBuffer cut(ModelInput input, List<int[]> origins, int[] window) {
    Geometry grid = input.geometry();
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * origins.size() * window[0] * window[1] * window[2])
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int[] origin : origins) {
      for (int k = 0; k < window[0]; k++) {
        for (int j = 0; j < window[1]; j++) {
          int row = ((origin[0] + k) * grid.height() + origin[1] + j) * grid.width() + origin[2];
          buffer.put(input.values(), row, window[2]);
        }
      }
    }
    return buffer.flip();
  }

  private static void blend(
      float[] answer,
      int n,
      int[] origin,
      int[] window,
      float[] blending,
      int[] size,
      float[] sum,
      float[] weight,
      int classes) {
    int windowVoxels = blending.length;
    int voxels = weight.length;
    int w = 0;
    for (int k = 0; k < window[0]; k++) {
      for (int j = 0; j < window[1]; j++) {
        int v = ((origin[0] + k) * size[1] + origin[1] + j) * size[2] + origin[2];
        for (int i = 0; i < window[2]; i++, w++, v++) {
          weight[v] += blending[w];
          for (int c = 0; c < classes; c++) {
            sum[c * voxels + v] += blending[w] * answer[(n * classes + c) * windowVoxels + w];
          }
        }
      }
    }
  }
}
