package io.radnet.trainer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code metrics.jsonl}: one JSON object per epoch, and the same for TensorBoard. The file is
 * replaced as a whole, so that a resumed run drops the rows of epochs that it repeats.
 */
public final class MetricsLog {
  /** Name of the file in a run's folder. */
  public static final String FILE = "metrics.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<String> rows = new ArrayList<>();
  private final TensorBoardEvents events;

  /** Keeps the rows of epochs up to {@code lastEpoch} that an earlier run left. */
  public MetricsLog(Path folder, int lastEpoch) throws IOException {
    this(folder, "epoch", lastEpoch);
  }

  /**
   * Keeps the rows that an earlier run left up to its last checkpoint.
   *
   * @param counter a metric that grows from row to row, such as {@code step}
   * @param last its value at that checkpoint; 0 where there is none
   */
  public MetricsLog(Path folder, String counter, long last) throws IOException {
    file = folder.resolve(FILE);
    if (last > 0 && Files.isRegularFile(file)) {
      for (String row : Files.readAllLines(file)) {
        if (JSON.readTree(row).path(counter).asDouble(Double.POSITIVE_INFINITY) <= last) {
          rows.add(row);
        }
      }
    }
    events = new TensorBoardEvents(folder, parsed(rows));
  }

  private static List<Map<String, Double>> parsed(List<String> rows) throws IOException {
    List<Map<String, Double>> all = new ArrayList<>();
    for (String row : rows) {
      Map<String, Double> values = new TreeMap<>();
      JSON.readTree(row)
          .properties()
          .forEach(entry -> values.put(entry.getKey(), entry.getValue().asDouble(Double.NaN)));
      all.add(values);
    }
    return all;
  }

  /** The rows of a run, oldest first: metrics by name, {@code epoch} among them. */
  public static List<Map<String, Double>> read(Path folder) throws IOException {
    return parsed(Files.readAllLines(folder.resolve(FILE)));
  }

  /** Adds the row of an epoch (or of a validation round). */
  public void append(int epoch, Map<String, Double> metrics) throws IOException {
    Map<String, Object> row = new TreeMap<>(metrics);
    row.put("epoch", epoch);
    rows.add(JSON.writeValueAsString(row));
    AtomicFiles.write(
        file, out -> out.write((String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8)));
    events.append(epoch, metrics);
  }
}
