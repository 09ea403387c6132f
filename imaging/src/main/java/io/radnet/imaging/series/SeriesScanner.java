package io.radnet.imaging.series;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.InstanceSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Finds DICOM instances in folders or in memory and groups them into series. Files that are no
 * DICOM are skipped, with a reason.
 */
public final class SeriesScanner {
  private static final int BATCH = 64;
  private static final String DICOMDIR_CLASS = "1.2.840.10008.1.3.10";

  private SeriesScanner() {}

  /**
   * Scans files and folder trees.
   *
   * @param roots files or folders
   * @param threads that read headers
   * @throws InvalidInputException where a root does not exist
   */
  public static ScanResult scan(List<Path> roots, int threads) {
    return scan(roots, threads, files -> {});
  }

  /**
   * Scans files and folder trees.
   *
   * @param progress is told how many files more are done, from several threads
   */
  public static ScanResult scan(List<Path> roots, int threads, LongConsumer progress) {
    Path base = base(roots);
    List<Path> files = new ArrayList<>();
    for (Path root : roots) {
      if (!Files.exists(root)) {
        throw new InvalidInputException(root, "no such file or folder");
      }
      files.addAll(walk(root));
    }
    List<Named> sources = new ArrayList<>(files.size());
    for (Path file : files) {
      sources.add(new Named(new InstanceSource.File(file), relative(base, file)));
    }
    return read(sources, threads, progress);
  }

  /**
   * Scans some files of an archive.
   *
   * @param base the folder that paths in the result are relative to, see {@link #base}
   * @param files regular files under it
   * @param progress is told how many files more are done, from several threads
   */
  public static ScanResult scan(Path base, List<Path> files, int threads, LongConsumer progress) {
    List<Named> sources = new ArrayList<>(files.size());
    for (Path file : files) {
      sources.add(new Named(new InstanceSource.File(file), relative(base, file)));
    }
    return read(sources, threads, progress);
  }

  /** Groups instances that are in memory; their names take the place of paths. */
  public static ScanResult group(List<InstanceSource> sources, int threads) {
    return read(
        sources.stream().map(source -> new Named(source, source.name())).toList(),
        threads,
        files -> {});
  }

  private record Named(InstanceSource source, String path) {}

  /** An instance or the reason why it is none. */
  private record Outcome(List<Instance> instances, List<Skipped> skipped) {}

  /** The folder that the paths of a scan are relative to. */
  public static Path base(List<Path> roots) {
    if (roots.size() == 1) {
      Path root = roots.get(0).toAbsolutePath().normalize();
      Path parent = root.getParent();
      return Files.isDirectory(root) || parent == null ? root : parent;
    }
    Path common = null;
    for (Path root : roots) {
      Path folder = root.toAbsolutePath().normalize().getParent();
      while (common != null && folder != null && !folder.startsWith(common)) {
        common = common.getParent();
      }
      common = common == null ? folder : common;
    }
    return common == null ? Path.of("/") : common;
  }

  private static String relative(Path base, Path file) {
    return base.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }

  private static List<Path> walk(Path root) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (failure instanceof NoSuchFileException
                  || failure instanceof FileSystemLoopException) {
                return FileVisitResult
                    .CONTINUE; // removed while we walked, or a link to a folder above
              }
              files.add(file); // listed as skipped when it cannot be read
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    files.sort(Comparator.comparing(Path::toString));
    return files;
  }

  private static ScanResult read(List<Named> sources, int threads, LongConsumer progress) {
    ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, threads));
    try {
      List<Future<Outcome>> batches = new ArrayList<>();
      for (int from = 0; from < sources.size(); from += BATCH) {
        List<Named> batch = sources.subList(from, Math.min(sources.size(), from + BATCH));
        batches.add(
            pool.submit(
                () -> {
                  Outcome outcome = readBatch(batch);
                  progress.accept(batch.size());
                  return outcome;
                }));
      }
      List<Instance> instances = new ArrayList<>();
      List<Skipped> skipped = new ArrayList<>();
      for (Future<Outcome> batch : batches) {
        Outcome outcome = batch.get();
        instances.addAll(outcome.instances());
        skipped.addAll(outcome.skipped());
      }
      return new ScanResult(group(instances), skipped, sources.size());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading headers", interrupted);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failure.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Outcome readBatch(List<Named> batch) {
    List<Instance> instances = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (Named named : batch) {
      try {
        Instance instance = Instance.read(named.source(), named.path());
        if (DICOMDIR_CLASS.equals(instance.sopClassUid()) || named.path().endsWith("DICOMDIR")) {
          skipped.add(new Skipped(named.path(), "DICOMDIR, an index and no image"));
        } else if (instance.sopClassUid().isEmpty()
            && instance.modality().isEmpty()
            && instance.frames().isEmpty()) {
          skipped.add(new Skipped(named.path(), "no SOP class, no modality and no image"));
        } else {
          instances.add(instance);
        }
      } catch (InvalidInputException invalid) {
        String message = String.valueOf(invalid.getMessage());
        String prefix = named.source().name() + ": ";
        skipped.add(
            new Skipped(
                named.path(),
                message.startsWith(prefix) ? message.substring(prefix.length()) : message));
      }
    }
    return new Outcome(instances, skipped);
  }

  private static List<Series> group(List<Instance> instances) {
    Map<String, List<Instance>> byUid = new TreeMap<>();
    for (Instance instance : instances) {
      String key = instance.seriesUid();
      if (key.isEmpty()) {
        String path = instance.path();
        key = "path:" + (path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : ".");
      }
      byUid.computeIfAbsent(key, uid -> new ArrayList<>()).add(instance);
    }
    List<Series> series = new ArrayList<>();
    byUid.forEach(
        (uid, members) -> {
          // One UID over two modalities is two series: a copied header, or a converter's mistake.
          Map<String, List<Instance>> byModality = new TreeMap<>();
          for (Instance member : members) {
            byModality.computeIfAbsent(member.modality(), key -> new ArrayList<>()).add(member);
          }
          for (List<Instance> same : separate(byModality.values())) {
            same.sort(
                Comparator.comparingInt(Instance::instanceNumber).thenComparing(Instance::path));
            series.add(new Series(uid, commonPath(same), same));
          }
        });
    series.sort(Comparator.comparing(Series::path).thenComparing(Series::uid));
    return series;
  }

  /**
   * Folders that hold the same image numbers under one UID are copies or other objects that share
   * it: each is a series of its own. Folders whose image numbers differ are parts of one series.
   */
  private static List<List<Instance>> separate(Iterable<List<Instance>> groups) {
    List<List<Instance>> separated = new ArrayList<>();
    for (List<Instance> group : groups) {
      Map<String, List<Instance>> byFolder = new TreeMap<>();
      Map<Integer, String> folderOfNumber = new TreeMap<>();
      boolean repeated = false;
      for (Instance instance : group) {
        String path = instance.path();
        String folder = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : ".";
        byFolder.computeIfAbsent(folder, key -> new ArrayList<>()).add(instance);
        String other = folderOfNumber.putIfAbsent(instance.instanceNumber(), folder);
        repeated |= other != null && !other.equals(folder);
      }
      if (repeated) {
        separated.addAll(byFolder.values());
      } else {
        separated.add(group);
      }
    }
    return separated;
  }

  private static String commonPath(List<Instance> instances) {
    if (instances.size() == 1) {
      return instances.get(0).path();
    }
    String[] common = null;
    for (Instance instance : instances) {
      String[] parts = instance.path().split("/");
      String[] folder = Arrays.copyOf(parts, parts.length - 1);
      if (common == null) {
        common = folder;
      } else {
        int equal = 0;
        while (equal < Math.min(common.length, folder.length)
            && common[equal].equals(folder[equal])) {
          equal++;
        }
        common = Arrays.copyOf(common, equal);
      }
    }
    return common == null || common.length == 0 ? "." : String.join("/", common);
  }
}
