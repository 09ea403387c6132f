package io.radnet.trainer.network;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.radnet.trainer.checkpoint.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The weights of a block tree under their paths, such as {@code encoder.stage1.unit1.conv1.weight}.
 */
public final class Weights {
  /** Gives the first values of a parameter. */
  @FunctionalInterface
  public interface Source {
    /**
     * @param path the parameter's path in the tree
     * @param type what it is
     * @param shape the shape that the network needs
     */
    Tensor values(String path, Parameter.Type type, long[] shape);
  }

  private Weights() {}

  /** All parameters in the order of the tree. */
  public static Map<String, Parameter> byPath(Block block) {
    Map<String, Parameter> found = new LinkedHashMap<>();
    collect("", block, found);
    return Collections.unmodifiableMap(found);
  }

  private static void collect(String prefix, Block block, Map<String, Parameter> found) {
    for (Pair<String, Parameter> parameter : block.getDirectParameters()) {
      found.put(prefix + parameter.getKey(), parameter.getValue());
    }
    for (Pair<String, Block> child : block.getChildren()) {
      collect(prefix + child.getKey() + ".", child.getValue(), found);
    }
  }

  /**
   * Allocates all parameters in {@code manager} with the values of {@code source}.
   *
   * @param grid depth, height, width of the input
   */
  public static void initialize(Block block, NDManager manager, List<Integer> grid, Source source) {
    byPath(block)
        .forEach(
            (path, parameter) ->
                parameter.setInitializer(
                    (target, shape, type) ->
                        target.create(
                            source.values(path, parameter.getType(), shape.getShape()).values(),
                            shape)));
    block.initialize(
        manager, DataType.FLOAT32, new Shape(1, 1, grid.get(0), grid.get(1), grid.get(2)));
  }

  /** Copies all values out. */
  public static Map<String, Tensor> copy(Block block) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    byPath(block)
        .forEach(
            (path, parameter) ->
                tensors.put(
                    path,
                    new Tensor(
                        parameter.getArray().getShape().getShape(),
                        parameter.getArray().toFloatArray())));
    return tensors;
  }

  /**
   * Random first values: He normal (fan in) for weights, 1 for scales and variances, 0 for the
   * rest. They depend on the seed and the parameter's path only.
   */
  public static Source random(long seed) {
    return (path, type, shape) -> {
      int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
      float[] values = new float[size];
      switch (type) {
        case WEIGHT -> {
          double deviation = Math.sqrt(2.0 * shape[0] / size);
          SplittableRandom random =
              new SplittableRandom(seed * 0x9E3779B97F4A7C15L + path.hashCode());
          for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
          }
        }
        case GAMMA, RUNNING_VAR -> Arrays.fill(values, 1);
        default -> {
          // Biases, shifts and running means start at zero.
        }
      }
      return new Tensor(shape, values);
    };
  }
}
