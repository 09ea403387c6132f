package io.radnet.exporter.repository;

import io.radnet.imaging.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sizes (depth, height, width in voxels) that a model is served with: what TensorRT builds its
 * engine for. All three are the same where the model's shape is fixed.
 *
 * @param smallest lower end of each axis
 * @param usual what the engine is tuned for: the recipe's grid
 * @param largest upper end of each axis
 */
public record ShapeRange(List<Integer> smallest, List<Integer> usual, List<Integer> largest) {
  private static final int AXES = 3;
  private static final List<String> NAMES = List.of("depth", "height", "width");

  /** Checks that each axis goes up, and copies the lists. */
  public ShapeRange {
    smallest = List.copyOf(smallest);
    usual = List.copyOf(usual);
    largest = List.copyOf(largest);
    for (int axis = 0; axis < AXES; axis++) {
      if (smallest.get(axis) > usual.get(axis) || usual.get(axis) > largest.get(axis)) {
        throw new InvalidInputException(
            "shape range, " + NAMES.get(axis),
            smallest.get(axis)
                + " to "
                + largest.get(axis)
                + " (expected: around the recipe's "
                + usual.get(axis)
                + ")");
      }
    }
  }

  /** One size only. */
  public static ShapeRange fixed(List<Integer> grid) {
    return new ShapeRange(grid, grid, grid);
  }

  /**
   * From {@code smallest}, by default half the grid, to {@code largest}, by default twice the grid,
   * along each axis.
   *
   * @param divisors that the network needs along each axis
   * @throws InvalidInputException where a size is no multiple of its divisor, or the grid is not
   *     between both
   */
  public static ShapeRange around(
      List<Integer> grid,
      List<Integer> divisors,
      Optional<List<Integer>> smallest,
      Optional<List<Integer>> largest) {
    List<Integer> half = new ArrayList<>();
    List<Integer> twice = new ArrayList<>();
    for (int axis = 0; axis < AXES; axis++) {
      int divisor = divisors.get(axis);
      half.add(Math.max(divisor, grid.get(axis) / 2 / divisor * divisor));
      twice.add(2 * grid.get(axis));
    }
    return new ShapeRange(
        checked("smallest", smallest.orElse(half), divisors),
        grid,
        checked("largest", largest.orElse(twice), divisors));
  }

  private static List<Integer> checked(String what, List<Integer> sizes, List<Integer> divisors) {
    if (sizes.size() != AXES) {
      throw new InvalidInputException(
          what + " shape", sizes.size() + " sizes (expected: depth, height, width)");
    }
    for (int axis = 0; axis < AXES; axis++) {
      if (sizes.get(axis) < 1 || sizes.get(axis) % divisors.get(axis) != 0) {
        throw new InvalidInputException(
            what + " shape, " + NAMES.get(axis),
            sizes.get(axis)
                + " (expected: a multiple of "
                + divisors.get(axis)
                + ", which the network's levels need)");
      }
    }
    return sizes;
  }

  /** Whether there is more than one size. */
  public boolean isDynamic() {
    return !smallest.equals(largest);
  }
}
