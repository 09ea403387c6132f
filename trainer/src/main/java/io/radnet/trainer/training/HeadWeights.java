package io.radnet.trainer.training;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe.Head;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much each head counts in the loss.
 *
 * @param byName weight of a head by its name; one that is not named weighs 1
 */
public record HeadWeights(Map<String, Double> byName) {
  /** Each head weighs 1. */
  public static final HeadWeights EQUAL = new HeadWeights(Map.of());

  /**
   * Copies the map.
   *
   * @throws InvalidInputException where a weight is negative or no number
   */
  public HeadWeights {
    byName = Map.copyOf(byName);
    byName.forEach(
        (name, weight) -> {
          if (!(weight >= 0) || weight.isInfinite()) {
            throw new InvalidInputException(
                "weight of head " + name, weight + " (expected: a number >= 0)");
          }
        });
  }

  /**
   * The weights in the order of the heads.
   *
   * @throws InvalidInputException where a weight names no head, or all weigh nothing
   */
  public double[] of(List<Head> heads) {
    List<String> names = heads.stream().map(Head::name).toList();
    for (String name : new TreeMap<>(byName).keySet()) {
      if (!names.contains(name)) {
        throw new InvalidInputException(
            "weight of head " + name, "no such head (expected: " + String.join(", ", names) + ")");
      }
    }
    double[] weights = names.stream().mapToDouble(name -> byName.getOrDefault(name, 1.0)).toArray();
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    if (sum == 0) {
      throw new InvalidInputException("weights of the heads", "all are 0 (expected: one above 0)");
    }
    return weights;
  }

  /** As people write it, in the order of names. */
  @Override
  public String toString() {
    return new TreeMap<>(byName).toString();
  }
}
