package io.radnet.imaging.series;

import io.radnet.imaging.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The slices of a stack whose pixels cannot be decoded. */
final class LostSlices {
  private static final int NAMED = 5;

  private final List<Integer> slices = new ArrayList<>();
  private @Nullable InvalidInputException first;

  void add(int slice, InvalidInputException reason) {
    slices.add(slice);
    if (first == null) {
      first = reason;
    }
  }

  boolean none() {
    return slices.isEmpty();
  }

  /**
   * Fills the slices with the lowest value of the others.
   *
   * @param shorts stored values, or empty
   * @param floats values, where {@code shorts} is empty
   * @param depth number of slices
   * @param falling whether high stored values are low values
   * @throws InvalidInputException where all slices are lost: the reason of the first
   */
  void fill(short[] shorts, float[] floats, int depth, boolean falling) {
    if (first == null) {
      return;
    }
    if (slices.size() == depth) {
      throw first;
    }
    int plane = Math.max(shorts.length, floats.length) / depth;
    boolean[] lost = new boolean[depth];
    slices.forEach(slice -> lost[slice] = true);
    short lowestStored = falling ? Short.MIN_VALUE : Short.MAX_VALUE;
    float lowest = Float.POSITIVE_INFINITY;
    for (int k = 0; k < depth; k++) {
      for (int i = k * plane; !lost[k] && i < (k + 1) * plane; i++) {
        if (shorts.length == 0) {
          lowest = Math.min(lowest, floats[i]);
        } else {
          lowestStored =
              (short)
                  (falling ? Math.max(lowestStored, shorts[i]) : Math.min(lowestStored, shorts[i]));
        }
      }
    }
    for (int slice : slices) {
      if (shorts.length == 0) {
        Arrays.fill(floats, slice * plane, (slice + 1) * plane, lowest);
      } else {
        Arrays.fill(shorts, slice * plane, (slice + 1) * plane, lowestStored);
      }
    }
  }

  /** Which slices, counted from 1 along the normal, and why the first of them. */
  String warning(Stack stack) {
    String named =
        slices.stream()
            .limit(NAMED)
            .map(slice -> Integer.toString(slice + 1))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "partial: %d of %d slices have no readable pixels and hold the lowest value: %s%s; the first: %s",
        slices.size(),
        stack.frames().size(),
        named,
        slices.size() > NAMED ? ", ..." : "",
        first == null ? "" : first.getMessage());
  }
}
