package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.network.Preset;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Changes that a label survives. */
class AugmentationTest {
  private static final List<Head> HEADS = Preset.heads();
  private static final int DEPTH = 8;
  private static final int SIDE = 12;
  private static final int PLANE = SIDE * SIDE;
  private static final int DRAWS = 200;

  private final Augmentation augmentation = new Augmentation(List.of(DEPTH, SIDE, SIDE), HEADS);

  private static Target target(String modality, double spacingMm) {
    float[][] values = new float[HEADS.size()][];
    boolean[] known = new boolean[HEADS.size()];
    for (int h = 0; h < HEADS.size(); h++) {
      Head head = HEADS.get(h);
      values[h] = new float[head.classes().size()];
      if (head.name().equals("modality")) {
        values[h][head.classes().indexOf(modality)] = 1;
        known[h] = true;
      } else if (head.name().equals("spacing")) {
        values[h][0] = (float) Math.log(spacingMm);
        known[h] = true;
      }
    }
    return new Target(values, known);
  }

  private static int spacingHead() {
    return HEADS.stream().map(Head::name).toList().indexOf("spacing");
  }

  /** Slices {@code from} to {@code to}, exclusive, each of one value; the rest empty. */
  private static float[] stack(int from, int to) {
    float[] volume = new float[DEPTH * PLANE];
    for (int k = from; k < to; k++) {
      Arrays.fill(volume, k * PLANE, (k + 1) * PLANE, 0.2f + 0.05f * k);
    }
    return volume;
  }

  private static long filledSlices(float[] volume) {
    long filled = 0;
    for (int k = 0; k < DEPTH; k++) {
      boolean any = false;
      for (int v = k * PLANE; v < (k + 1) * PLANE; v++) {
        any |= volume[v] > 0;
      }
      filled += any ? 1 : 0;
    }
    return filled;
  }

  @Test
  void keepsTheValuesOfACtButForNoise() {
    for (int seed = 0; seed < DRAWS; seed++) {
      Augmentation.Result result =
          augmentation.apply(stack(0, DEPTH), target("CT", 8), new SplittableRandom(seed));
      for (int k = 0; k < DEPTH; k++) {
        assertThat(middle(result.values(), k))
            .as("slice %d, seed %d", k, seed)
            .isCloseTo(0.2 + 0.05 * k, within(0.025));
      }
    }
  }

  @Test
  void changesTheToneOfAnMrALittle() {
    double lowest = 1;
    double highest = 0;
    for (int seed = 0; seed < DRAWS; seed++) {
      float[] volume = new float[DEPTH * PLANE];
      Arrays.fill(volume, 0.5f);
      Augmentation.Result result =
          augmentation.apply(volume, target("MR", 8), new SplittableRandom(seed));
      double middle = result.values()[DEPTH / 2 * PLANE + SIDE / 2 * SIDE + SIDE / 2];
      lowest = Math.min(lowest, middle);
      highest = Math.max(highest, middle);
    }
    assertThat(lowest).isBetween(0.25, 0.49);
    assertThat(highest).isBetween(0.51, 0.75);
  }

  @Test
  void losesNoSliceAndFillsNoPadding() {
    for (int seed = 0; seed < DRAWS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int slices = 1 + random.nextInt(DEPTH);
      int from = random.nextInt(DEPTH - slices + 1);
      Augmentation.Result result =
          augmentation.apply(stack(from, from + slices), target("MR", 8), random);
      assertThat(filledSlices(result.values())).as("seed %d", seed).isEqualTo(slices);
    }
  }

  @Test
  void makesThinSlicesThickerAndSaysSo() {
    int thicker = 0;
    for (int seed = 0; seed < DRAWS; seed++) {
      Augmentation.Result thin =
          augmentation.apply(stack(0, DEPTH), target("MR", 4), new SplittableRandom(seed));
      Augmentation.Result thick =
          augmentation.apply(stack(0, DEPTH), target("MR", 6), new SplittableRandom(seed));
      double spacing = Math.exp(thin.target().values()[spacingHead()][0]);
      boolean doubled = filledSlices(thin.values()) == DEPTH / 2;
      assertThat(spacing / (doubled ? 8 : 4)).isBetween(0.88, 1.13);
      assertThat(filledSlices(thick.values())).isEqualTo(DEPTH);
      assertThat(Math.exp(thick.target().values()[spacingHead()][0]) / 6).isBetween(0.88, 1.13);
      thicker += doubled ? 1 : 0;
    }
    assertThat(thicker).isBetween(DRAWS / 50, DRAWS / 10);
  }

  /** Slices of a CT stay as bright as they are, wherever the stack begins in the grid. */
  @Test
  void thickSlicesAreMeansOfFilledSlicesOnly() {
    int thicker = 0;
    for (int seed = 0; seed < DRAWS; seed++) {
      int from = seed % 4;
      int slices = 2 + seed / 4 % 4;
      Augmentation.Result result =
          augmentation.apply(
              stack(from, from + slices), target("CT", 4), new SplittableRandom(seed));
      if (Math.exp(result.target().values()[spacingHead()][0]) < 6) {
        continue;
      }
      thicker++;
      assertThat(filledSlices(result.values())).as("seed %d", seed).isEqualTo(slices / 2);
      int at = 0;
      while (middle(result.values(), at) == 0) {
        at++;
      }
      for (int k = 0; k < slices / 2; k++) {
        assertThat(middle(result.values(), at + k))
            .as("seed %d, pair %d", seed, k)
            .isCloseTo(0.2 + 0.05 * (from + 2 * k + 0.5), within(0.025));
      }
    }
    assertThat(thicker).isGreaterThan(DRAWS / 50);
  }

  /** A patient of another size has slices that lie as much further apart. */
  @Test
  void scalesTheSpacingLabelWithThePatient() {
    int side = 48;
    Augmentation wide = new Augmentation(List.of(1, side, side), HEADS);
    float[] disc = disc(side, 14);
    double before = filled(disc);
    int larger = 0;
    int smaller = 0;
    for (int seed = 0; seed < DRAWS; seed++) {
      Augmentation.Result result = wide.apply(disc, target("CT", 6), new SplittableRandom(seed));
      double size = Math.exp(result.target().values()[spacingHead()][0]) / 6;
      assertThat(Math.sqrt(filled(result.values()) / before))
          .as("seed %d", seed)
          .isCloseTo(size, within(0.04));
      larger += size > 1.01 ? 1 : 0;
      smaller += size < 0.99 ? 1 : 0;
    }
    assertThat(larger).isGreaterThan(DRAWS / 20);
    assertThat(smaller).isGreaterThan(DRAWS / 20);
  }

  /** What would be beside a scan that fills the plane is unknown. */
  @Test
  void shrinksNoScanThatFillsThePlane() {
    for (int seed = 0; seed < DRAWS; seed++) {
      Augmentation.Result result =
          augmentation.apply(stack(0, DEPTH), target("MR", 6), new SplittableRandom(seed));
      assertThat(Math.exp(result.target().values()[spacingHead()][0])).isGreaterThan(5.9999);
    }
  }

  /** One slice with a disc of 0.5 in its middle. */
  private static float[] disc(int side, double radius) {
    float[] slice = new float[side * side];
    for (int j = 0; j < side; j++) {
      for (int i = 0; i < side; i++) {
        double y = j + 0.5 - 0.5 * side;
        double x = i + 0.5 - 0.5 * side;
        slice[j * side + i] = x * x + y * y < radius * radius ? 0.5f : 0;
      }
    }
    return slice;
  }

  private static long filled(float[] values) {
    long filled = 0;
    for (float value : values) {
      filled += value > 0.25 ? 1 : 0;
    }
    return filled;
  }

  /** The mean of a slice's middle: shifts along the rows bring emptiness to the edges. */
  private static double middle(float[] volume, int slice) {
    double sum = 0;
    for (int j = 2; j < SIDE - 2; j++) {
      for (int i = 2; i < SIDE - 2; i++) {
        sum += volume[slice * PLANE + j * SIDE + i];
      }
    }
    return sum / ((SIDE - 4) * (SIDE - 4));
  }

  @Test
  void drawsTheSameForTheSameSeed() {
    Augmentation.Result one =
        augmentation.apply(stack(1, 5), target("PT", 4), new SplittableRandom(7));
    Augmentation.Result two =
        augmentation.apply(stack(1, 5), target("PT", 4), new SplittableRandom(7));
    assertThat(one.values()).isEqualTo(two.values());
  }
}
