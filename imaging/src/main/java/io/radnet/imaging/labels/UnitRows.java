package io.radnet.imaging.labels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.series.Skipped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of all units in one order, merged from the units' sorted files without holding them. */
final class UnitRows implements Iterable<SeriesLabels> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path journal;
  private final int units;
  private final Comparator<SeriesLabels> order;

  UnitRows(Path journal, int units, Comparator<SeriesLabels> order) {
    this.journal = journal;
    this.units = units;
    this.order = order;
  }

  static Path rows(Path journal, int unit) {
    return journal.resolve(String.format("unit-%06d.jsonl", unit));
  }

  static Path skipped(Path journal, int unit) {
    return journal.resolve(String.format("unit-%06d.skipped.jsonl", unit));
  }

  /** The skipped files, unit after unit. */
  Stream<Skipped> skipped() {
    return IntStream.range(0, units)
        .boxed()
        .flatMap(
            unit -> {
              try {
                return Files.readAllLines(skipped(journal, unit)).stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .map(
            line -> {
              try {
                JsonNode tree = JSON.readTree(line);
                return new Skipped(tree.path("file").asText(), tree.path("reason").asText());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  @Override
  public Iterator<SeriesLabels> iterator() {
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(
            Comparator.comparing(Cursor::head, order).thenComparingInt(cursor -> cursor.unit));
    for (int unit = 0; unit < units; unit++) {
      Cursor cursor = new Cursor(unit, rows(journal, unit));
      if (cursor.advance()) {
        cursors.add(cursor);
      }
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !cursors.isEmpty();
      }

      @Override
      public SeriesLabels next() {
        Cursor first = cursors.poll();
        if (first == null) {
          throw new NoSuchElementException();
        }
        SeriesLabels row = first.head();
        if (first.advance()) {
          cursors.add(first);
        }
        return row;
      }
    };
  }

  /** Reads one unit's file; closed at its end. */
  private static final class Cursor {
    private static final int BATCH = 256;

    private final int unit;
    private final Path file;
    private long offset;
    private List<SeriesLabels> batch = List.of();
    private int at;
    private @Nullable SeriesLabels head;

    Cursor(int unit, Path file) {
      this.unit = unit;
      this.file = file;
    }

    SeriesLabels head() {
      if (head == null) {
        throw new NoSuchElementException();
      }
      return head;
    }

    /**
     * Goes to the next row; false at the end. Opens the file per batch, so few are open at once.
     */
    boolean advance() {
      if (at == batch.size()) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
          batch =
              reader
                  .lines()
                  .skip(offset)
                  .limit(BATCH)
                  .map(line -> LabelTable.row(line, file))
                  .toList();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        offset += batch.size();
        at = 0;
      }
      head = at < batch.size() ? batch.get(at++) : null;
      return head != null;
    }
  }
}
