package io.radnet.trainer.training;

import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.trainer.checkpoint.Sha256;
import io.radnet.trainer.data.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A short checksum of what a run learns from, so that it is not resumed with other data. It covers
 * the recipe and, in their order, names and answers of the scans.
 */
public final class DataDigest {
  private static final int DIGITS = 12;

  private DataDigest() {}

  /** Of a label network's training split. */
  static String of(Recipe recipe, List<Sample> samples) {
    return of(
        recipe,
        samples.stream()
            .map(
                sample ->
                    sample.name()
                        + Arrays.deepToString(sample.target().values())
                        + Arrays.toString(sample.target().known())));
  }

  /**
   * @param items one text per scan: its name and what is to be learned from it
   */
  public static String of(Recipe recipe, Stream<String> items) {
    String text = RecipeJson.write(recipe) + items.collect(Collectors.joining("\n", "\n", "\n"));
    return Sha256.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))).substring(0, DIGITS);
  }
}
