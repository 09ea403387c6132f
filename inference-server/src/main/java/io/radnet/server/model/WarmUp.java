package io.radnet.server.model;

import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.inference.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first runs of a model, on zeros of the real shape, so that the first requests do not pay for
 * set-up: alone, and where the model batches also as the largest batch.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** A batch that is expected to take longer would keep the server from starting. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What is warmed up. */
  @FunctionalInterface
  interface Network {
    /** How long one run took, in nanoseconds. */
    long run(List<Tensor> inputs);
  }

  private WarmUp() {}

  static void run(OnnxHeader header, Optional<Recipe> recipe, ModelConfig config, Network network) {
    Optional<List<Tensor>> one = zeros(header, recipe, config, 1);
    if (one.isEmpty()) {
      return;
    }
    network.run(one.get());
    int largest = config.getMaxBatchSize();
    boolean batches = header.inputs().stream().allMatch(WarmUp::anyBatch);
    if (largest < 2 || !batches) {
      return;
    }
    // Without set-up, unlike the first.
    long nanos = network.run(one.get());
    if (nanos > LONGEST_NANOS / largest) {
      LOG.info(
          "model {}: no warm-up with a batch of {}, a single run takes {} ms",
          config.getName(),
          largest,
          TimeUnit.NANOSECONDS.toMillis(nanos));
      return;
    }
    try {
      zeros(header, recipe, config, largest).ifPresent(network::run);
    } catch (RuntimeException | OutOfMemoryError failure) {
      // Requests that come alone are answered all the same.
      LOG.warn(
          "model {}: its largest batch, {}, fails: {}",
          config.getName(),
          largest,
          String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static boolean anyBatch(TensorSpec input) {
    return !input.shape().isEmpty() && input.shape().get(0) < 0;
  }

  private static Optional<List<Tensor>> zeros(
      OnnxHeader header, Optional<Recipe> recipe, ModelConfig config, long batch) {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : header.inputs()) {
      List<Long> shape = new ArrayList<>(spec.shape());
      for (int axis = 0; axis < shape.size(); axis++) {
        if (shape.get(axis) < 0 && axis == 0) {
          shape.set(axis, batch);
        } else if (shape.get(axis) < 0 && shape.size() == 5 && axis > 1 && recipe.isPresent()) {
          shape.set(axis, (long) recipe.get().grid().get(axis - 2));
        } else if (shape.get(axis) < 0) {
          LOG.info("model {}: no warm-up, {} has no fixed shape", config.getName(), spec.name());
          return Optional.empty();
        }
      }
      inputs.add(Tensor.allocate(spec.name(), spec.type(), shape));
    }
    return Optional.of(inputs);
  }
}
