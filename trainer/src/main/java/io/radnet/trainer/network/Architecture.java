package io.radnet.trainer.network;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The sizes of a network. Heads, classes and the input grid come from the recipe.
 *
 * @param name the preset's name, for people
 * @param units residual units per stage
 * @param widths inner channels per stage
 * @param expansion output channels of a stage, as a multiple of its width
 * @param stemFilters channels of the first convolution
 * @param stemKernel its kernel (depth, height, width); its stride is (1, 2, 2)
 * @param embedding length of the embedding
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Architecture(
    String name,
    List<Integer> units,
    List<Integer> widths,
    int expansion,
    int stemFilters,
    List<Integer> stemKernel,
    int embedding) {

  /** Checks the sizes and copies the lists. */
  public Architecture {
    units = List.copyOf(units);
    widths = List.copyOf(widths);
    stemKernel = List.copyOf(stemKernel);
    if (units.isEmpty() || units.size() != widths.size()) {
      throw new IllegalArgumentException(
          "stages: "
              + units.size()
              + " of units, "
              + widths.size()
              + " of widths (expected: the same number, at least 1)");
    }
    if (stemKernel.size() != 3 || stemKernel.stream().anyMatch(side -> side < 1 || side % 2 == 0)) {
      throw new IllegalArgumentException(
          "stem kernel: " + stemKernel + " (expected: three odd sides)");
    }
    if (units.stream().anyMatch(n -> n < 1)
        || widths.stream().anyMatch(n -> n < 1)
        || expansion < 1
        || stemFilters < 1
        || embedding < 1) {
      throw new IllegalArgumentException("architecture: a size below 1 (expected: all at least 1)");
    }
  }

  /** The number of stages. */
  public int stages() {
    return units.size();
  }

  /** Output channels of stage {@code index}. */
  public int channels(int index) {
    return widths.get(index) * expansion;
  }

  /**
   * Checks that every level of the network divides the grid evenly, which the decoder needs.
   *
   * @param grid depth, height, width
   */
  public void checkGrid(List<Integer> grid) {
    int depthDivisor = 1 << stages();
    int planeDivisor = 2 << stages();
    if (grid.get(0) % depthDivisor != 0
        || grid.get(1) % planeDivisor != 0
        || grid.get(2) % planeDivisor != 0) {
      throw new IllegalArgumentException(
          "grid: "
              + grid
              + " (expected for "
              + stages()
              + " stages: depth a multiple of "
              + depthDivisor
              + ", height and width of "
              + planeDivisor
              + ")");
    }
  }

  /**
   * Checks that half the height and width leaves something at the deepest level.
   *
   * @param grid depth, height, width
   */
  public void checkHalvedGrid(List<Integer> grid) {
    int least = 4 << stages();
    if (grid.get(1) < least || grid.get(2) < least) {
      throw new IllegalArgumentException(
          "grid: "
              + grid
              + " (expected for coarse volumes and "
              + stages()
              + " stages: height and width of at least "
              + least
              + ")");
    }
  }
}
