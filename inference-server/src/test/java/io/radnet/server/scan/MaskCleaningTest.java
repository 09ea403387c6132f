package io.radnet.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Masks drawn by hand: a digit is a label, a point is background, a blank line ends a slice. */
final class MaskCleaningTest {
  private static LabelMap mask(String... slices) {
    String[] rows = slices[0].split(" ", -1);
    byte[] labels = new byte[slices.length * rows.length * rows[0].length()];
    int at = 0;
    for (String slice : slices) {
      for (char voxel : slice.replace(" ", "").toCharArray()) {
        labels[at++] = (byte) (voxel == '.' ? 0 : voxel - '0');
      }
    }
    Geometry grid = Geometry.axisAligned(rows[0].length(), rows.length, slices.length, 1, 1, 1);
    return new LabelMap(grid, labels, Map.of(1, "one", 2, "two"));
  }

  private static void cleans(LabelMap given, boolean largest, boolean fill, LabelMap wanted) {
    byte[] before = given.labels().clone();
    LabelMap cleaned = MaskCleaning.clean(given, largest, fill);
    assertThat(cleaned.labels()).containsExactly(wanted.labels());
    assertThat(cleaned.geometry()).isEqualTo(given.geometry());
    assertThat(cleaned.names()).isEqualTo(given.names());
    assertThat(given.labels()).containsExactly(before);
  }

  @Test
  void changesNothingWhereNothingIsAskedFor() {
    LabelMap given = mask("1.1 ...", "... .2.");
    assertThat(MaskCleaning.clean(given, false, false)).isSameAs(given);
  }

  @Test
  void keepsTheLargestComponentOfEachLabel() {
    cleans(
        mask("11.1 1..1 ...1 2..1 22..", ".... .... .... .... ...2"),
        true,
        false,
        mask("...1 ...1 ...1 2..1 22..", ".... .... .... .... ...."));
  }

  @Test
  void connectsThroughFacesOnly() {
    // Corner to corner is apart; slice to slice is together; row's end to next row's start is not.
    cleans(mask("1.. .1. ...", "... .1. ..."), true, false, mask("... .1. ...", "... .1. ..."));
    cleans(mask("..1 1.. 1.."), true, false, mask("... 1.. 1.."));
    cleans(mask("... ..1", "1.. 1.."), true, false, mask("... ...", "1.. 1.."));
  }

  @Test
  void ofEqualComponentsTheFirstStays() {
    cleans(mask("11.11"), true, false, mask("11..."));
  }

  @Test
  void anotherLabelParts() {
    cleans(mask("11211"), true, false, mask("112.."));
    cleans(mask("11211 1...1 11111"), true, false, mask("11211 1...1 11111"));
  }

  @Test
  void fillsWhatASliceEncloses() {
    cleans(
        mask("..... .111. .1.1. .111. .....", "..... .1.1. .1.1. .111. ....."),
        false,
        true,
        mask("..... .111. .111. .111. .....", "..... .1.1. .1.1. .111. ....."));
  }

  @Test
  void aCornerDoesNotOpenAHole() {
    // The hole touches the outside by a corner only.
    cleans(
        mask(".1111 1..1. 1..1. .11.. ....."), false, true, mask(".1111 1111. 1111. .11.. ....."));
  }

  @Test
  void aHoleBetweenLabelsTakesTheLeftOne() {
    cleans(mask("1122 1..2 1122"), false, true, mask("1122 1112 1122"));
  }

  @Test
  void fillsAfterThePartsAreGone() {
    cleans(mask("1111. 1..1. 1111. ....1"), true, true, mask("1111. 1111. 1111. ....."));
  }

  @Test
  void followsALongThreadWithoutDeepStacks() {
    int side = 301;
    StringBuilder rows = new StringBuilder();
    for (int j = 0; j < side; j++) {
      rows.append(j == 0 ? "" : " ");
      rows.append(
          j % 2 == 0
              ? "1".repeat(side)
              : j % 4 == 1 ? ".".repeat(side - 1) + "1" : "1" + ".".repeat(side - 1));
    }
    LabelMap snake = mask(rows.toString());
    cleans(snake, true, false, snake);
  }
}
