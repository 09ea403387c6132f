package io.radnet.imaging.labels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Rows of labels as JSON lines, CSV or Parquet, by the ending of the file's name; the content is
 * the same. In CSV, lists are joined by semicolons, absent values are empty and evidence is JSON
 * text.
 */
public final class LabelTable {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** The columns in order. */
  static final List<String> COLUMNS =
      List.of(
          "series_uid",
          "path",
          "modality",
          "sequence",
          "fat_suppressed",
          "view",
          "oblique",
          "contrast",
          "regions",
          "spacing_mm",
          "spacing_source",
          "spacing_uniform",
          "tilt_degrees",
          "in_plane_spacing_mm",
          "n_instances",
          "n_slices",
          "n_volumes",
          "rejected",
          "evidence");

  private LabelTable() {}

  /** The formats, named by the ending of the file. */
  public enum Format {
    JSONL,
    CSV,
    PARQUET;

    /**
     * The format of a file.
     *
     * @throws InvalidInputException for any other ending
     */
    public static Format of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      for (Format format : values()) {
        if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
          return format;
        }
      }
      throw new InvalidInputException(file, "unknown ending (expected: .jsonl, .csv or .parquet)");
    }
  }

  /**
   * A row from its line of JSON.
   *
   * @throws InvalidInputException where the line is no row
   */
  public static SeriesLabels row(String line, Object where) {
    try {
      return JSON.readValue(line, SeriesLabels.class);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(where, "no row of labels: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes rows atomically. */
  public static void write(Path file, Iterable<SeriesLabels> rows) throws IOException {
    Format format = Format.of(file);
    AtomicFiles.write(
        file,
        out -> {
          switch (format) {
            case JSONL -> jsonl(out, rows);
            case CSV -> csv(out, rows);
            case PARQUET -> ParquetLabels.write(out, rows);
          }
        });
  }

  private static void jsonl(OutputStream out, Iterable<SeriesLabels> rows) throws IOException {
    for (SeriesLabels row : rows) {
      out.write(text(row).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
  }

  private static void csv(OutputStream out, Iterable<SeriesLabels> rows) throws IOException {
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CsvWriter csv =
        CsvWriter.builder().lineDelimiter(de.siegmar.fastcsv.writer.LineDelimiter.LF).build(text);
    csv.writeRecord(COLUMNS);
    for (SeriesLabels row : rows) {
      JsonNode tree = JSON.valueToTree(row);
      List<String> cells = new ArrayList<>();
      for (String column : COLUMNS) {
        cells.add(cell(tree.path(column)));
      }
      csv.writeRecord(cells);
    }
    csv.flush();
    text.flush();
  }

  private static String cell(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (value.isArray()) {
      StringJoiner joined = new StringJoiner(";");
      for (Iterator<JsonNode> items = value.elements(); items.hasNext(); ) {
        joined.add(items.next().asText());
      }
      return joined.toString();
    }
    return value.isObject() ? text(value) : value.asText();
  }

  /** Any value as JSON text. */
  static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // records of strings and numbers
    }
  }
}
