package io.radnet.trainer.network;

import ai.djl.nn.Block;
import io.radnet.imaging.transform.Recipe;

/** Builds the network that an architecture and a recipe describe. */
public final class Networks {
  private Networks() {}

  /**
   * A network without weights: a {@link LabelNetwork} or a {@link SegmentationNetwork}.
   *
   * @throws IllegalArgumentException where the grid does not suit the stages
   */
  public static Block build(Architecture architecture, Recipe recipe) {
    architecture.checkGrid(recipe.grid());
    return switch (recipe.task()) {
      case LABELS -> new LabelNetwork(architecture, recipe.heads());
      case SEGMENTATION -> new SegmentationNetwork(architecture, recipe.labels().size());
    };
  }
}
