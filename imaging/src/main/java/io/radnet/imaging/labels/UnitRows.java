package io.radnet.imaging.labels;

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
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of all parts in one order, merged from the parts' sorted files without holding them.
 * Rows of units give way to those of joined parts.
 */
final class UnitRows implements Iterable<SeriesLabels> {
  private final List<JournalPart> units;
  private final ScatteredSeries scattered;
  private final Comparator<SeriesLabels> order;

  UnitRows(List<JournalPart> units, ScatteredSeries scattered, Comparator<SeriesLabels> order) {
    this.units = List.copyOf(units);
    this.scattered = scattered;
    this.order = order;
  }

  /** The skipped files, part after part. */
  Stream<Skipped> skipped() {
    return Stream.concat(units.stream(), scattered.parts().stream())
        .flatMap(JournalPart::readSkipped);
  }

  @Override
  public Iterator<SeriesLabels> iterator() {
    PriorityQueue<Cursor> cursors =
        new PriorityQueue<>(
            Comparator.comparing(Cursor::head, order).thenComparingInt(cursor -> cursor.number));
    for (JournalPart unit : units) {
      add(cursors, unit, scattered.uids());
    }
    for (JournalPart joined : scattered.parts()) {
      add(cursors, joined, Set.of());
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

  private static void add(PriorityQueue<Cursor> cursors, JournalPart part, Set<String> without) {
    Cursor cursor = new Cursor(cursors.size(), part.rows(), without);
    if (cursor.advance()) {
      cursors.add(cursor);
    }
  }

  /** Reads one part's file; closed at its end. */
  private static final class Cursor {
    private static final int BATCH = 256;

    private final int number;
    private final Path file;
    private final Set<String> without;
    private long offset;
    private List<SeriesLabels> batch = List.of();
    private int at;
    private @Nullable SeriesLabels head;

    Cursor(int number, Path file, Set<String> without) {
      this.number = number;
      this.file = file;
      this.without = without;
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
      do {
        if (at == batch.size()) {
          fill();
        }
        head = at < batch.size() ? batch.get(at++) : null;
      } while (head != null && without.contains(head.seriesUid()));
      return head != null;
    }

    private void fill() {
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
  }
}
