package io.radnet.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.labels.SeriesLabels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the JSON lines of {@code radnet label}. */
public final class LabelFile {
  private static final ObjectReader ROW =
      new ObjectMapper()
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .configure(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES, true)
          .readerFor(SeriesLabels.class);

  private LabelFile() {}

  /**
   * All rows that are not rejected, in the order of the file.
   *
   * @throws InvalidInputException where the file is missing, a line is no label row, or no row is
   *     left
   */
  public static List<SeriesLabels> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(
          file, "no label file; write one with: radnet label DIR --out " + file);
    }
    List<SeriesLabels> rows = new ArrayList<>();
    int number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          SeriesLabels row = ROW.readValue(line);
          if (row.rejected() == null) {
            rows.add(row);
          }
        }
      }
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          file + ":" + number, "not a label row: " + String.valueOf(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (rows.isEmpty()) {
      throw new InvalidInputException(file, "usable rows: 0 of " + number + " (expected: >= 1)");
    }
    return rows;
  }
}
