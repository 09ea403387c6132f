package io.radnet.imaging.labels;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.series.Skipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of a run's journal that stand for one part of the archive. The rows are written last: where
 * they are, the part is done.
 *
 * @param journal the folder
 * @param name of the part
 */
record JournalPart(Path journal, String name) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The files of a series.
   *
   * @param uid as in its row
   * @param files relative to the archive
   */
  record Members(String uid, List<String> files) {
    /** Copies the list. */
    Members {
      files = List.copyOf(files);
    }
  }

  /** A unit of the plan. */
  static JournalPart unit(Path journal, int number) {
    return new JournalPart(journal, String.format("unit-%06d", number));
  }

  /** Series that are put together from several units. */
  static JournalPart joined(Path journal, int number) {
    return new JournalPart(journal, String.format("joined-%06d", number));
  }

  /** Rows of labels, one JSON object per line. */
  Path rows() {
    return journal.resolve(name + ".jsonl");
  }

  /** Whether the part is done. */
  boolean done() {
    return Files.exists(rows());
  }

  /** Files that are no rows, with their reasons. */
  Path skipped() {
    return journal.resolve(name + ".skipped.jsonl");
  }

  /** The {@link Members} of each series. */
  Path series() {
    return journal.resolve(name + ".series.jsonl");
  }

  /** The names of the files of a joined part. */
  Path files() {
    return journal.resolve(name + ".files.jsonl");
  }

  /** Writes one JSON value per line. */
  static void write(Path file, Iterable<?> values) throws IOException {
    AtomicFiles.write(
        file,
        stream -> {
          for (Object value : values) {
            stream.write(line(value).getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** A value as a line of JSON. */
  static String line(Object value) {
    return LabelTable.text(value) + "\n";
  }

  /** Reads a file of one JSON value per line while it goes; to be closed. */
  static <T> Stream<T> read(Path file, Class<T> kind) {
    try {
      return Files.lines(file).map(line -> value(line, kind, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T value(String line, Class<T> kind, Path file) {
    try {
      return JSON.readValue(line, kind);
    } catch (IOException e) {
      throw new InvalidInputException(file, "damaged (delete its folder to start anew)", e);
    }
  }

  /** The skipped files. */
  Stream<Skipped> readSkipped() {
    return read(skipped(), Skipped.class);
  }
}
