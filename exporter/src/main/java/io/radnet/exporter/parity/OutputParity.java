package io.radnet.exporter.parity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.radnet.imaging.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One output of both runtimes compared over all inputs. An error is relative to {@code scale}, the
 * largest absolute value of the reference's output (or {@link #SMALLEST_SCALE} where that is less),
 * since an element's own value may be next to zero.
 *
 * @param name of the output
 * @param source where the inputs came from, such as random
 * @param elements compared
 * @param scale what errors are relative to
 * @param maxAbsolute largest absolute error
 * @param meanAbsolute mean absolute error
 * @param maxRelative largest relative error, which the tolerance is about
 * @param meanRelative mean relative error
 * @param relativePercentiles percentiles of the relative error, by percent
 * @param argmaxAgreement share of samples or voxels where both name the same class; absent where
 *     the output has no classes to choose from
 * @param dice overlap of both masks per class after the background; absent where there is no mask
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutputParity(
    String name,
    String source,
    long elements,
    double scale,
    double maxAbsolute,
    double meanAbsolute,
    double maxRelative,
    double meanRelative,
    Map<String, Double> relativePercentiles,
    @Nullable Double argmaxAgreement,
    @Nullable List<Double> dice) {
  /** The least that an error is relative to. */
  public static final double SMALLEST_SCALE = 1e-3;

  private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9);

  /**
   * Compares.
   *
   * @param expected of the reference
   * @param actual of the exported model, the same number of elements
   * @param choices the two argmax results where the output has classes
   * @throws IllegalArgumentException where the numbers of elements differ
   */
  public static OutputParity compare(
      String name, String source, float[] expected, float[] actual, Optional<Choices> choices) {
    if (expected.length != actual.length || expected.length == 0) {
      throw new IllegalArgumentException(
          name + ": " + actual.length + " elements (expected: " + expected.length + ")");
    }
    double scale = SMALLEST_SCALE;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    float[] errors = new float[expected.length];
    double sum = 0;
    double largest = 0;
    for (int i = 0; i < errors.length; i++) {
      double error = Math.abs((double) expected[i] - actual[i]);
      // Not a number on either side must not pass for agreement.
      errors[i] = Double.isNaN(error) ? Float.POSITIVE_INFINITY : (float) error;
      sum += errors[i];
      largest = Math.max(largest, errors[i]);
    }
    Arrays.sort(errors);
    Map<String, Double> percentiles = new TreeMap<>();
    for (double percent : PERCENTILES) {
      int index = (int) Math.min(errors.length - 1, Math.ceil(percent / 100 * errors.length) - 1);
      percentiles.put(Double.toString(percent), errors[Math.max(index, 0)] / scale);
    }
    double mean = sum / errors.length;
    return new OutputParity(
        name,
        source,
        errors.length,
        scale,
        largest,
        mean,
        largest / scale,
        mean / scale,
        percentiles,
        choices.map(Choices::agreement).orElse(null),
        choices.filter(Choices::isMask).map(Choices::dice).orElse(null));
  }

  /**
   * Refuses what differs too much.
   *
   * @throws InvalidInputException where the largest relative error is above {@code tolerance}
   */
  public void require(double tolerance) {
    if (!(maxRelative <= tolerance)) {
      throw new InvalidInputException(
          "output " + name,
          String.format(
              Locale.ROOT,
              "differs from the network by %.3g relative on %s input (expected: at most %.3g);"
                  + " nothing was exported",
              maxRelative,
              source,
              tolerance));
    }
  }
}
