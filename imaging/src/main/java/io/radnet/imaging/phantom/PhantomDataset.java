package io.radnet.imaging.phantom;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.volume.NiftiWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A data set of synthetic scans on disk: {@code series/P0001/S01/000.dcm}, {@code truth.jsonl},
 * {@code splits.json}, with wrong headers {@code wrong.jsonl}, and for the liver task {@code
 * masks/} and {@code cases.jsonl}. The same options give the same bytes, whatever the number of
 * threads. The text files are written last: where {@code splits.json} is, the set is complete.
 */
public final class PhantomDataset {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * What to make.
   *
   * @param series how many
   * @param seed of all draws
   * @param liver whether all series are abdomens with liver masks
   * @param full whether matrices are up to 256 x 256 x 120 instead of about 80 x 80 x 30
   * @param wide whether all patients come from the wide distribution, not the test patients only
   * @param wrongHeaders share of series whose header lies throughout
   * @param misleading share of series of which one description belongs to another scan
   * @param modalities among CT, MR and PT that series are made of; empty for all of the task
   * @param threads that render
   */
  public record Options(
      int series,
      long seed,
      boolean liver,
      boolean full,
      boolean wide,
      double wrongHeaders,
      double misleading,
      Set<String> modalities,
      int threads) {
    /** All modalities of the task. */
    public Options(
        int series,
        long seed,
        boolean liver,
        boolean full,
        boolean wide,
        double wrongHeaders,
        double misleading,
        int threads) {
      this(series, seed, liver, full, wide, wrongHeaders, misleading, Set.of(), threads);
    }

    /** Checks the ranges. */
    public Options {
      modalities = Set.copyOf(modalities);
      Set<String> possible = liver ? Set.of("CT", "MR") : Set.of("CT", "MR", "PT");
      if (!possible.containsAll(modalities)) {
        throw new InvalidInputException(
            "--modalities",
            new TreeSet<>(modalities) + " (expected: among " + new TreeSet<>(possible) + ")");
      }
      if (series < 1 || series > 100_000) {
        throw new InvalidInputException("--series", series + " (expected: 1 to 100000)");
      }
      if (!(wrongHeaders >= 0 && wrongHeaders <= 1)) {
        throw new InvalidInputException("--wrong-headers", wrongHeaders + " (expected: 0 to 1)");
      }
      if (!(misleading >= 0 && misleading <= 1)) {
        throw new InvalidInputException("--misleading", misleading + " (expected: 0 to 1)");
      }
      if (threads < 1) {
        throw new InvalidInputException("--threads", threads + " (expected: >= 1)");
      }
    }
  }

  private final Options options;
  private final List<SeriesPlan> plans;
  private final Map<Integer, WrongClaim> wrong = new LinkedHashMap<>();
  private final Map<Integer, Misled> misled = new LinkedHashMap<>();

  /** Decides everything; nothing is rendered yet. */
  public PhantomDataset(Options options) {
    this.options = options;
    this.plans = new Roster(options).plans();
    Draw lies = new Draw(options.seed(), false).fork(9);
    for (int n = 0; n < plans.size(); n++) {
      Draw own = lies.fork(n);
      if (own.chance(options.wrongHeaders())) {
        wrong.put(n, WrongClaim.draw(plans.get(n), own));
      } else if (own.chance(options.misleading())) {
        misled.put(n, Misled.draw(plans.get(n), own));
      }
    }
  }

  /**
   * Renders and writes the data set.
   *
   * @param out an existing or new folder
   * @param montage where a picture of middle slices goes, or null
   * @throws IOException where the disk does not take it
   */
  public void write(Path out, @Nullable Path montage) throws IOException {
    Montage pictures = montage == null ? null : new Montage(plans.size());
    ExecutorService threads = Executors.newFixedThreadPool(options.threads());
    try (Progress progress = Progress.start("phantom", " series", plans.size())) {
      List<Future<?>> jobs = new ArrayList<>();
      for (int n = 0; n < plans.size(); n++) {
        int number = n;
        jobs.add(
            threads.submit(
                () -> {
                  render(out, number, pictures);
                  progress.step();
                  return null;
                }));
      }
      for (Future<?> job : jobs) {
        await(job);
      }
    } finally {
      threads.shutdownNow();
    }
    writeTexts(out);
    if (pictures != null && montage != null) {
      pictures.write(montage);
    }
  }

  private static void await(Future<?> job) throws IOException {
    try {
      job.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    }
  }

  private void render(Path out, int number, @Nullable Montage pictures) throws IOException {
    SeriesPlan plan = plans.get(number);
    Scanner.Image image = Scanner.scan(plan);
    SeriesFiles.write(out.resolve(plan.path()), plan, headers(number), image.values());
    if (options.liver()) {
      Path mask = out.resolve(mask(plan));
      NiftiWriter.write(mask, image.liver());
    }
    if (pictures != null) {
      pictures.add(number, plan, image);
    }
  }

  /** The header of a series, as it is written. */
  Headers headers(int number) {
    SeriesPlan plan = plans.get(number);
    WrongClaim lie = wrong.get(number);
    return new Headers(plan, lie == null ? plan : lie.claim(), misled.get(number));
  }

  private static String mask(SeriesPlan plan) {
    return "masks/" + plan.patient().id() + "-" + plan.name() + ".nii.gz";
  }

  private void writeTexts(Path out) throws IOException {
    List<Object> truth = new ArrayList<>();
    List<Object> cases = new ArrayList<>();
    Map<String, String> splits = new LinkedHashMap<>();
    for (SeriesPlan plan : plans) {
      truth.add(Truth.of(plan));
      splits.put(plan.patient().id(), plan.patient().split());
      cases.add(
          fields(
              "image", plan.path(),
              "mask", mask(plan),
              "patient", plan.patient().id(),
              "split", plan.patient().split()));
    }
    lines(out.resolve("truth.jsonl"), truth);
    if (options.liver()) {
      lines(out.resolve("cases.jsonl"), cases);
    }
    if (options.wrongHeaders() > 0) {
      List<Object> lies = new ArrayList<>();
      wrong.forEach(
          (number, lie) ->
              lies.add(
                  fields(
                      "series_uid", plans.get(number).uid(0),
                      "path", plans.get(number).path(),
                      "family", lie.family(),
                      "real", lie.real(),
                      "claimed", lie.claimed())));
      lines(out.resolve("wrong.jsonl"), lies);
    }
    text(out.resolve("splits.json"), json(splits) + "\n");
  }

  private static Map<String, String> fields(String... namesAndValues) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int n = 0; n < namesAndValues.length; n += 2) {
      fields.put(namesAndValues[n], namesAndValues[n + 1]);
    }
    return fields;
  }

  private static void lines(Path file, List<Object> rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Object row : rows) {
      text.append(json(row)).append('\n');
    }
    text(file, text.toString());
  }

  private static void text(Path file, String text) throws IOException {
    AtomicFiles.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes {@code out} ready: a folder that holds nothing, or with {@code force} one whose former
   * phantom (and nothing else) is removed.
   *
   * @throws InvalidInputException where it holds something and {@code force} is not given
   */
  public static void prepare(Path out, boolean force) throws IOException {
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new InvalidInputException(out, "not a folder");
    }
    if (Files.isDirectory(out)) {
      try (var entries = Files.list(out)) {
        if (entries.findAny().isPresent() && !force) {
          throw new InvalidInputException(
              out, "the folder is not empty (choose another, or overwrite with --force)");
        }
      }
      for (String name :
          List.of("splits.json", "truth.jsonl", "cases.jsonl", "wrong.jsonl", "labels.jsonl")) {
        Files.deleteIfExists(out.resolve(name));
      }
      delete(out.resolve("series"), ".*\\.dcm");
      delete(out.resolve("masks"), "P\\d+-S\\d+\\.nii\\.gz");
    }
    Files.createDirectories(out);
  }

  private static void delete(Path folder, String files) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (var all = Files.walk(folder)) {
      deepestFirst = all.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      boolean ours = Files.isDirectory(path) || path.toFile().getName().matches(files);
      if (!ours) {
        throw new InvalidInputException(path, "not a file of a phantom; nothing more is removed");
      }
      Files.delete(path);
    }
  }

  /** The number of series. */
  public int size() {
    return plans.size();
  }

  List<SeriesPlan> plans() {
    return plans;
  }
}
