package io.radnet.trainer.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.Recipe;

/** A network that predicts. Its arrays live as long as the manager that it was loaded with. */
public final class TrainedModel {
  private final Block network;
  private final Recipe recipe;
  private final ParameterStore store;

  /**
   * @param network initialised
   * @param manager holds its weights
   */
  public TrainedModel(Block network, Recipe recipe, NDManager manager) {
    this.network = network;
    this.recipe = recipe;
    this.store = new ParameterStore(manager, false);
  }

  /** The tree, a {@code LabelNetwork} or a {@code SegmentationNetwork}. */
  public Block network() {
    return network;
  }

  /** The road from a scan to the input and back. */
  public Recipe recipe() {
    return recipe;
  }

  /**
   * Runs the network with its running statistics.
   *
   * @param input [N, 1, D, H, W] in [0, 1]; the outputs live in its manager
   * @return embedding and logits per head, or the logits [N, C, D, H, W]
   */
  public NDList predict(NDArray input) {
    return network.forward(store, new NDList(input), false);
  }
}
