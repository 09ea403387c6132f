package io.radnet.exporter;

import io.radnet.exporter.repository.ShapeRange;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Architecture;
import java.util.List;

/**
 * What of a checkpoint is wanted after its weights are let go.
 *
 * @param recipe the road from a scan to the input and back
 * @param sha256 checksum of the weights
 * @param parameters how many weights there are
 * @param range the sizes that the model will be served with
 */
record Origin(Recipe recipe, String sha256, long parameters, ShapeRange range) {
  static Origin of(Checkpoint checkpoint, ExportOptions options) {
    List<Integer> grid = checkpoint.recipe().grid();
    return new Origin(
        checkpoint.recipe(),
        checkpoint.weightsSha256(),
        checkpoint.weights().values().stream().mapToLong(tensor -> tensor.values().length).sum(),
        options.dynamicShape()
            ? ShapeRange.around(
                grid,
                divisors(checkpoint.architecture()),
                options.smallestShape(),
                options.largestShape())
            : ShapeRange.fixed(grid));
  }

  /** Each stage halves all axes, and the stem height and width once more. */
  private static List<Integer> divisors(Architecture architecture) {
    int depth = 1 << architecture.stages();
    return List.of(depth, 2 * depth, 2 * depth);
  }
}
