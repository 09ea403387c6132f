package io.radnet.exporter.parity;

import java.util.ArrayList;
import java.util.List;

/**
 * The class that each runtime chooses, per sample or per voxel.
 *
 * @param expected of the reference
 * @param actual of the exported model
 * @param classes how many there are to choose from
 * @param isMask whether the choices are voxels
 */
public record Choices(int[] expected, int[] actual, int classes, boolean isMask) {
  /**
   * The largest of the classes at each position, the first where several are equal.
   *
   * @param logits [N, classes, positions], row-major
   */
  public static int[] argmax(float[] logits, int classes, int positions) {
    int samples = logits.length / (classes * positions);
    int[] chosen = new int[samples * positions];
    for (int sample = 0; sample < samples; sample++) {
      for (int position = 0; position < positions; position++) {
        int start = sample * classes * positions + position;
        int best = 0;
        for (int candidate = 1; candidate < classes; candidate++) {
          if (logits[start + candidate * positions] > logits[start + best * positions]) {
            best = candidate;
          }
        }
        chosen[sample * positions + position] = best;
      }
    }
    return chosen;
  }

  /** Both sides of one output. */
  public static Choices of(
      float[] expected, float[] actual, int classes, int positions, boolean mask) {
    return new Choices(
        argmax(expected, classes, positions), argmax(actual, classes, positions), classes, mask);
  }

  /** Share of positions where both choose the same, in [0, 1]. */
  public double agreement() {
    int same = 0;
    for (int i = 0; i < expected.length; i++) {
      same += expected[i] == actual[i] ? 1 : 0;
    }
    return (double) same / expected.length;
  }

  /** Dice of each class but the first, in [0, 1]; 1 where neither side has any of it. */
  public List<Double> dice() {
    List<Double> all = new ArrayList<>();
    for (int label = 1; label < classes; label++) {
      long both = 0;
      long either = 0;
      for (int i = 0; i < expected.length; i++) {
        boolean left = expected[i] == label;
        boolean right = actual[i] == label;
        both += left && right ? 1 : 0;
        either += (left ? 1 : 0) + (right ? 1 : 0);
      }
      all.add(either == 0 ? 1.0 : 2.0 * both / either);
    }
    return all;
  }
}
