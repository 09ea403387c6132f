package io.radnet.imaging.labels;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.WriterLock;
import io.radnet.imaging.series.Instance;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Skipped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Labels an archive unit by unit. Finished units lie in {@code FILE.resume} beside the output until
 * the output is whole, so an interrupted run goes on where it stopped and ends with the same bytes.
 */
public final class LabelRun {
  private static final Comparator<SeriesLabels> ORDER =
      Comparator.comparing(SeriesLabels::path).thenComparing(SeriesLabels::seriesUid);

  private final SeriesLabeler labeler;
  private final String settings;
  private final int threads;
  private final @Nullable Pseudonyms pseudonyms;
  private final int unitFiles;

  /**
   * A run.
   *
   * @param settings whatever changes the output; a run with other settings starts anew
   * @param threads that read headers
   * @param pseudonyms for UIDs, or null to keep them
   */
  public LabelRun(
      SeriesLabeler labeler, String settings, int threads, @Nullable Pseudonyms pseudonyms) {
    this(labeler, settings, threads, pseudonyms, ArchivePlan.UNIT_FILES);
  }

  LabelRun(
      SeriesLabeler labeler,
      String settings,
      int threads,
      @Nullable Pseudonyms pseudonyms,
      int unitFiles) {
    this.labeler = labeler;
    this.settings = settings;
    this.threads = threads;
    this.pseudonyms = pseudonyms;
    this.unitFiles = unitFiles;
  }

  /** Told about a run while it goes. */
  public interface Listener {
    /** How many files there are. */
    void planned(long files);

    /** Files done; units of an interrupted run count too. From several threads. */
    void done(long files);

    /** How many files of series that lie in several units are read once more, from now on. */
    void joining(long files);
  }

  /** What to do with the rows besides writing them; called before the run's own files go. */
  @FunctionalInterface
  public interface Closing {
    /** Reads all rows and all skipped files in order, as often as it likes. */
    void close(Path base, Iterable<SeriesLabels> rows, Iterable<Skipped> skipped)
        throws IOException;
  }

  /**
   * How a run ended.
   *
   * @param files looked at
   * @param filesNow looked at by this run and not by an interrupted one before
   * @param series rows
   * @param rejected rows with a reason
   * @param skipped files left out
   */
  public record Outcome(long files, long filesNow, long series, long rejected, long skipped) {}

  /** Where the names and reasons of skipped files are written. */
  public static Path skippedFile(Path out) {
    return out.resolveSibling(out.getFileName() + ".skipped.jsonl");
  }

  /**
   * Labels everything under the roots.
   *
   * @throws InvalidInputException where a root is missing, nothing under the roots is DICOM, or
   *     another run writes {@code out}
   */
  public Outcome run(List<Path> roots, Path out, Listener listener, Closing closing)
      throws IOException {
    LabelTable.Format.of(out);
    Path absolute = out.toAbsolutePath().normalize();
    try (WriterLock alone = WriterLock.take(WriterLock.beside(absolute), absolute)) {
      return label(roots, absolute, listener, closing);
    }
  }

  private Outcome label(List<Path> roots, Path absolute, Listener listener, Closing closing)
      throws IOException {
    Path journal = absolute.resolveSibling(absolute.getFileName() + ".resume");
    ArchivePlan plan =
        ArchivePlan.of(
            roots,
            unitFiles,
            Set.of(absolute, journal, skippedFile(absolute), WriterLock.beside(absolute)));
    listener.planned(plan.files());
    open(journal, plan);
    long filesNow = 0;
    List<JournalPart> units = new ArrayList<>();
    for (ArchivePlan.Unit unit : plan.units()) {
      JournalPart part = JournalPart.unit(journal, units.size());
      units.add(part);
      if (part.done()) {
        listener.done(unit.files());
      } else {
        label(plan.base(), unit.list(), part, listener::done);
        filesNow += unit.files();
      }
    }
    ScatteredSeries scattered = join(plan.base(), journal, units, listener);
    UnitRows rows = new UnitRows(units, scattered, ORDER);
    Iterable<Skipped> skipped = () -> rows.skipped().iterator();
    long count = 0;
    long rejected = 0;
    for (SeriesLabels row : rows) {
      count++;
      rejected += row.rejected() == null ? 0 : 1;
    }
    long left = 0;
    for (Skipped ignored : skipped) {
      left++;
    }
    if (count == 0) {
      remove(journal);
      throw new InvalidInputException(
          roots.get(0), "no DICOM series (" + plan.files() + " files, " + left + " skipped)");
    }
    LabelTable.write(absolute, rows);
    if (left > 0) {
      JournalPart.write(skippedFile(absolute), skipped);
    } else {
      Files.deleteIfExists(skippedFile(absolute));
    }
    closing.close(plan.base(), rows, skipped);
    remove(journal);
    return new Outcome(plan.files(), filesNow, count, rejected, left);
  }

  /** Labels series anew whose files lie in several units, now together. */
  private ScatteredSeries join(Path base, Path journal, List<JournalPart> units, Listener listener)
      throws IOException {
    if (units.size() < 2) {
      return ScatteredSeries.none();
    }
    ScatteredSeries scattered = ScatteredSeries.find(journal, units, unitFiles);
    if (scattered.files() > 0) {
      listener.joining(scattered.files());
    }
    for (JournalPart part : scattered.parts()) {
      List<Path> files = ScatteredSeries.files(part, base);
      if (part.done()) {
        listener.done(files.size());
      } else {
        label(base, files, part, listener::done);
      }
    }
    return scattered;
  }

  private void label(Path base, List<Path> files, JournalPart part, LongConsumer done)
      throws IOException {
    ScanResult scan = SeriesScanner.scan(base, files, threads, done);
    List<JournalPart.Members> members = new ArrayList<>();
    List<SeriesLabels> rows = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>(scan.skipped());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<SeriesLabels>> futures = new ArrayList<>();
      for (Series series : scan.series()) {
        futures.add(pool.submit(() -> labeler.label(series)));
      }
      for (int i = 0; i < futures.size(); i++) {
        try {
          SeriesLabels row = futures.get(i).get();
          rows.add(pseudonyms == null ? row : pseudonyms.of(row));
          members.add(members(rows.get(rows.size() - 1).seriesUid(), scan.series().get(i)));
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof RuntimeException failure)) {
            throw e;
          }
          String reason =
              failure instanceof InvalidInputException
                  ? String.valueOf(failure.getMessage())
                  : failure.getClass().getSimpleName(); // somebody else's message may hold anything
          skipped.add(new Skipped(scan.series().get(i).path(), reason));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    rows.sort(ORDER);
    skipped.sort(Comparator.comparing(Skipped::file).thenComparing(Skipped::reason));
    JournalPart.write(part.skipped(), skipped);
    JournalPart.write(part.series(), members);
    JournalPart.write(part.rows(), rows);
  }

  private static JournalPart.Members members(String uid, Series series) {
    return new JournalPart.Members(
        uid, series.instances().stream().map(Instance::path).distinct().toList());
  }

  /** Keeps the units of an interrupted run only where it did the very same. */
  private void open(Path journal, ArchivePlan plan) throws IOException {
    String fingerprint = plan.fingerprint(settings);
    Path file = journal.resolve("run");
    if (Files.exists(file) && Files.readString(file).equals(fingerprint)) {
      return;
    }
    if (Files.exists(journal) && !Files.exists(file) && !empty(journal)) {
      throw new InvalidInputException(journal, "is in the way (expected: absent)");
    }
    remove(journal);
    AtomicFiles.write(file, stream -> stream.write(fingerprint.getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean empty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void remove(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(journal)) {
      files = entries.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(journal);
  }
}
