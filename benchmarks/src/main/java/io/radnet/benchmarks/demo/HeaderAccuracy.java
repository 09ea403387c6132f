package io.radnet.benchmarks.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.labels.SeriesLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the labels of headers compare with the truth that a phantom carries. */
public final class HeaderAccuracy {
  private static final double SPACING_TOLERANCE_MM = 0.05;
  private static final ObjectReader ROWS = new ObjectMapper().readerFor(SeriesLabels.class);

  /** Counts of one family: right, unknown, wrong. */
  public record Count(int right, int unknown, int wrong) {
    Count plus(int rights, int unknowns, int wrongs) {
      return new Count(right + rights, unknown + unknowns, wrong + wrongs);
    }

    /** Share of right labels among those that are not unknown; 1 where there are none. */
    public double accuracy() {
      return right + wrong == 0 ? 1 : right / (double) (right + wrong);
    }

    /** Share of labels that are not unknown. */
    public double known() {
      int all = right + unknown + wrong;
      return all == 0 ? 1 : (right + wrong) / (double) all;
    }
  }

  private HeaderAccuracy() {}

  /** Family to counts; series that the truth does not name are left out. */
  static Map<String, Count> compare(Path truthFile, Path labelFile) throws IOException {
    Map<String, SeriesLabels> truth = read(truthFile);
    Map<String, SeriesLabels> labels = read(labelFile);
    Map<String, Function<SeriesLabels, @Nullable String>> families = new LinkedHashMap<>();
    families.put("modality", SeriesLabels::modality);
    families.put("sequence", SeriesLabels::sequence);
    families.put("view", SeriesLabels::view);
    families.put("contrast", SeriesLabels::contrast);
    families.put(
        "regions", row -> row.regions().isEmpty() ? null : String.join(" ", row.regions()));
    Map<String, Count> counts = new LinkedHashMap<>();
    for (Map.Entry<String, Function<SeriesLabels, @Nullable String>> family : families.entrySet()) {
      Count count = new Count(0, 0, 0);
      for (SeriesLabels real : truth.values()) {
        String expected = family.getValue().apply(real);
        SeriesLabels row = labels.get(real.seriesUid());
        if (expected == null || "unknown".equals(expected)) {
          continue;
        }
        String actual = row == null ? null : family.getValue().apply(row);
        boolean unknown = actual == null || "unknown".equals(actual);
        boolean right = expected.equals(actual);
        count = count.plus(right ? 1 : 0, unknown ? 1 : 0, right || unknown ? 0 : 1);
      }
      counts.put(family.getKey(), count);
    }
    Count spacing = new Count(0, 0, 0);
    for (SeriesLabels real : truth.values()) {
      Double expected = real.spacingMm();
      SeriesLabels row = labels.get(real.seriesUid());
      if (expected == null) {
        continue;
      }
      Double actual = row == null ? null : row.spacingMm();
      boolean right = actual != null && Math.abs(actual - expected) <= SPACING_TOLERANCE_MM;
      spacing =
          spacing.plus(right ? 1 : 0, actual == null ? 1 : 0, right || actual == null ? 0 : 1);
    }
    counts.put("spacing", spacing);
    return counts;
  }

  private static Map<String, SeriesLabels> read(Path file) throws IOException {
    Map<String, SeriesLabels> rows = new TreeMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      try {
        SeriesLabels row = ROWS.readValue(line);
        rows.put(row.seriesUid(), row);
      } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
        throw new InvalidInputException(file, "line " + number + " is no row of labels", malformed);
      }
    }
    return rows;
  }
}
