package io.radnet.trainer.data;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Preprocessor;
import io.radnet.imaging.transform.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Turns label rows into samples: checks that the scans are there, preprocesses those that the cache
 * does not hold, and assigns patients to splits by {@code splits.json} (by patient, or by a folder
 * of the path) or else by a checksum of the patient's identifier.
 */
public final class DataSetReader {
  private final Path folder;
  private final Recipe recipe;
  private final InputCache cache;
  private final ScanReader scans;
  private final int threads;

  /**
   * @param folder that the rows' paths are relative to
   * @param recipe of the inputs
   * @param cache of preprocessed inputs
   */
  public DataSetReader(
      Path folder, Recipe recipe, InputCache cache, ScanReader scans, int threads) {
    this.folder = folder;
    this.recipe = recipe;
    this.cache = cache;
    this.scans = scans;
    this.threads = threads;
  }

  private record Prepared(
      Optional<Sample> sample, String patient, Split split, String skippedReason) {}

  /**
   * Reads all rows.
   *
   * @throws InvalidInputException where rows name scans that are not there, or no scan can be read
   */
  public LabelDataSet read(List<SeriesLabels> rows) throws InterruptedException {
    LabelDataSet all = read(rows, EnumSet.allOf(Split.class));
    if (all.train().isEmpty() && all.validation().isEmpty() && all.test().isEmpty()) {
      throw new InvalidInputException(
          folder, "readable series: 0 of " + rows.size() + "; the first: " + all.skipped().get(0));
    }
    return all;
  }

  /**
   * Reads the rows whose patients are in these splits; of the others only whose they are.
   *
   * @return empty splits where no scan of them could be read
   * @throws InvalidInputException where rows name scans that are not there
   */
  public LabelDataSet read(List<SeriesLabels> rows, Set<Split> wanted) throws InterruptedException {
    checkPresence(rows);
    Optional<Map<String, Split>> splits = Split.read(folder);
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    List<Future<Prepared>> futures = new ArrayList<>();
    Map<Split, List<Sample>> samples = new HashMap<>();
    Set<String> patients = new HashSet<>();
    List<String> skipped = new ArrayList<>();
    try (Progress progress = Progress.start("prepare", " series", rows.size())) {
      for (SeriesLabels row : rows) {
        futures.add(workers.submit(() -> prepare(row, splits, wanted)));
      }
      for (Future<Prepared> future : futures) {
        Prepared prepared = result(future);
        progress.step();
        if (prepared.sample().isPresent()) {
          patients.add(prepared.patient());
          samples
              .computeIfAbsent(prepared.split(), split -> new ArrayList<>())
              .add(prepared.sample().get());
        } else if (!prepared.skippedReason().isEmpty()) {
          skipped.add(prepared.skippedReason());
        }
      }
    } finally {
      workers.shutdownNow();
    }
    return new LabelDataSet(
        samples.getOrDefault(Split.TRAIN, List.of()),
        samples.getOrDefault(Split.VALIDATION, List.of()),
        samples.getOrDefault(Split.TEST, List.of()),
        patients.size(),
        skipped);
  }

  private static Prepared result(Future<Prepared> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof IOException failure) {
        throw new UncheckedIOException(failure);
      }
      throw new IllegalStateException("a series could not be prepared", e.getCause());
    }
  }

  private void checkPresence(List<SeriesLabels> rows) {
    List<String> missing =
        rows.stream()
            .map(SeriesLabels::path)
            .filter(path -> !Files.exists(folder.resolve(path)))
            .toList();
    if (!missing.isEmpty()) {
      throw new InvalidInputException(
          folder,
          "the label file names paths that are not there: "
              + missing.size()
              + " of "
              + rows.size()
              + ", the first is "
              + missing.get(0)
              + "; paths are relative to --data");
    }
  }

  private Prepared prepare(SeriesLabels row, Optional<Map<String, Split>> splits, Set<Split> wanted)
      throws IOException {
    Path path = folder.resolve(row.path());
    try {
      List<Path> files = scans.files(path, row.seriesUid(), row.nInstances());
      // A series that does not say whose it is counts as a patient of its own.
      String patient = scans.patient(files.get(0)).orElse(row.path() + " " + row.seriesUid());
      Split split = split(row.path(), patient, splits);
      if (!wanted.contains(split)) {
        return new Prepared(Optional.empty(), patient, split, "");
      }
      String key = key(files, row.seriesUid());
      double spacingFactor = input(path, row.seriesUid(), key).spacingFactor();
      Sample sample =
          new Sample(
              row.path(),
              row.seriesUid(),
              () -> {
                try {
                  return input(path, row.seriesUid(), key).values();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              target(row, spacingFactor),
              spacingFactor);
      return new Prepared(Optional.of(sample), patient, split, "");
    } catch (InvalidInputException e) {
      return new Prepared(Optional.empty(), "", Split.TRAIN, String.valueOf(e.getMessage()));
    }
  }

  /** The header's spacing is the series'; the input's is some times that. */
  private Target target(SeriesLabels row, double spacingFactor) {
    Target target = Target.of(row, recipe.heads());
    int spacing = recipe.heads().stream().map(Recipe.Head::name).toList().indexOf("spacing");
    return spacing >= 0 && target.known()[spacing]
        ? target.withSpacingTimes(spacing, spacingFactor)
        : target;
  }

  private Split split(String path, String patient, Optional<Map<String, Split>> splits) {
    if (splits.isPresent()) {
      Split byPatient = splits.get().get(patient);
      if (byPatient != null) {
        return byPatient;
      }
      for (Path part : Path.of(path)) {
        Split byFolder = splits.get().get(part.toString());
        if (byFolder != null) {
          return byFolder;
        }
      }
    }
    return Split.byHash(patient);
  }

  /** From the cache, or made and kept there. */
  private ModelInput input(Path path, String uid, String key) throws IOException {
    Optional<ModelInput> cached = cache.read(key);
    if (cached.isPresent()) {
      return cached.get();
    }
    return cache.write(key, new Preprocessor(recipe).prepare(scans.read(path, uid)));
  }

  /** A checksum of the files' bytes, of the series chosen, and of what the recipe does to them. */
  private String key(List<Path> files, String uid) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    String steps =
        String.join(
            "|",
            uid,
            String.valueOf(recipe.formatVersion()),
            recipe.orientation().toString(),
            recipe.spacingMm().toString(),
            recipe.grid().toString(),
            recipe.intensity().toString(),
            recipe.task().toString());
    digest.update(steps.getBytes(StandardCharsets.UTF_8));
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file)) {
        digest.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
