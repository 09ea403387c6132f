package io.radnet.trainer.segmentation;

import ai.djl.nn.Parameter;
import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Tensor;
import io.radnet.trainer.network.Weights;
import io.radnet.trainer.training.Replicas;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * How the encoder begins: with a backbone's weights, or at random.
 *
 * @param backbone a label network, or empty for random weights
 * @param seed of the random weights
 */
record EncoderStart(Optional<Checkpoint> backbone, long seed) {
  private static final String ENCODER = "encoder.";

  /** Whether the weight at {@code path} is the encoder's. */
  static boolean owns(String path) {
    return path.startsWith(ENCODER);
  }

  /**
   * First values: the backbone's where the path is an encoder's, random elsewhere.
   *
   * @throws InvalidInputException (from the source) where the backbone's sizes are others
   */
  Weights.Source source() {
    Weights.Source random = Weights.random(seed);
    Map<String, Tensor> given = backbone.map(Checkpoint::weights).orElse(Map.of());
    return (path, type, shape) -> {
      if (!owns(path) || backbone.isEmpty()) {
        return random.values(path, type, shape);
      }
      Tensor tensor = given.get(path);
      if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
        throw new InvalidInputException(
            "backbone",
            path
                + ": "
                + tensor
                + " (expected: float32"
                + Arrays.toString(shape)
                + "); another architecture");
      }
      return tensor;
    };
  }

  /** Whether the encoder's weights stay as they are; running statistics always follow the data. */
  void freeze(Replicas replicas, boolean frozen) {
    replicas.each(
        network ->
            Weights.byPath(network)
                .forEach(
                    (path, parameter) -> {
                      boolean learns =
                          parameter.getType() != Parameter.Type.RUNNING_MEAN
                              && parameter.getType() != Parameter.Type.RUNNING_VAR;
                      if (owns(path) && learns) {
                        parameter.freeze(frozen);
                      }
                    }));
  }
}
