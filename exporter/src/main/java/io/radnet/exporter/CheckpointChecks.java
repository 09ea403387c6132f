package io.radnet.exporter;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Tensor;
import java.util.HashSet;
import java.util.Set;

/** Whether a checkpoint's weights and its recipe speak of the same classes. */
final class CheckpointChecks {
  private CheckpointChecks() {}

  /**
   * @param where named in messages
   * @throws InvalidInputException where they do not
   */
  static void check(Checkpoint checkpoint, Object where) {
    Recipe recipe = checkpoint.recipe();
    if (recipe.task() == Recipe.Task.SEGMENTATION) {
      expect(checkpoint, where, "classes", "decoder.classes.weight", recipe.labels().size());
      return;
    }
    expect(checkpoint, where, "embedding", "embedding.weight", recipe.embeddingSize());
    Set<String> names = new HashSet<>(Set.of(NetworkGraph.INPUT, NetworkGraph.EMBEDDING));
    for (Head head : recipe.heads()) {
      if (!names.add(head.name())) {
        throw new InvalidInputException(
            where, "recipe head: the name " + head.name() + " is taken");
      }
      String weight = "heads." + head.name() + ".weight";
      expect(checkpoint, where, "head " + head.name(), weight, head.classes().size());
    }
  }

  private static void expect(
      Checkpoint checkpoint, Object where, String what, String weight, int classes) {
    Tensor tensor = checkpoint.weights().get(weight);
    if (tensor == null) {
      throw new InvalidInputException(where, what + ": no weights named " + weight);
    }
    if (tensor.shape()[0] != classes) {
      throw new InvalidInputException(
          where,
          what
              + ": "
              + classes
              + " in the recipe (expected by the weights: "
              + tensor.shape()[0]
              + ")");
    }
  }
}
