package io.radnet.trainer.commands;

import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.trainer.training.LabelEvaluation.Disagreement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a label file by the series that they are about. A path alone does not name a series:
 * a folder may hold several.
 */
final class HeaderRows {
  /**
   * What names a series.
   *
   * @param path in the data set
   * @param seriesUid as the row has it
   */
  private record Key(String path, String seriesUid) {}

  private final Map<Key, SeriesLabels> rows = new HashMap<>();
  private final Map<String, Integer> seriesByPath = new HashMap<>();

  HeaderRows(List<SeriesLabels> all) {
    for (SeriesLabels row : all) {
      if (rows.putIfAbsent(new Key(row.path(), row.seriesUid()), row) == null) {
        seriesByPath.merge(row.path(), 1, Integer::sum);
      }
    }
  }

  /** How sure the rules were of what the header says. */
  Optional<Double> confidence(Disagreement each) {
    return Optional.ofNullable(rows.get(new Key(each.series(), each.seriesUid())))
        .map(row -> row.evidence().get(each.head()))
        .map(SeriesLabels.Evidence::confidence);
  }

  /** The path, and the series UID behind it where several series share the path. */
  String name(Disagreement each) {
    return seriesByPath.getOrDefault(each.series(), 0) > 1
        ? each.series() + " " + each.seriesUid()
        : each.series();
  }
}
