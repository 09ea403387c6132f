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
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Finds DICOM instances in folders or in memory and groups them into series. Files that are no
 * DICOM are skipped, with a reason.
 */
public final class SeriesScanner {
  /** Begins the key of a series that has no UID. */
  private static final String FOLDER = "path:";

  /** Copies of a series are never in more folders than this, unless each holds more than a file. */
  private static final int FEW_FOLDERS = 8;

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
    for (Path root : roots) {
      if (!Files.exists(root)) {
        throw new InvalidInputException(root, "no such file or folder");
      }
    }
    try (HeaderReading reading = new HeaderReading(threads, progress)) {
      for (Path root : roots) {
        String folder = relative(base, root);
        walk(
            root, file -> reading.add(new InstanceSource.File(file), relative(folder, root, file)));
      }
      return result(reading.finish());
    }
  }

  /**
   * Scans some files of an archive.
   *
   * @param base the folder that paths in the result are relative to, see {@link #base}
   * @param files regular files under it; read while they are still being listed
   * @param progress is told how many files more are done, from several threads
   */
  public static ScanResult scan(
      Path base, Iterable<Path> files, int threads, LongConsumer progress) {
    try (HeaderReading reading = new HeaderReading(threads, progress)) {
      for (Path file : files) {
        reading.add(new InstanceSource.File(file), relative(base, file));
      }
      return result(reading.finish());
    }
  }

  /** Groups instances that are in memory; their names take the place of paths. */
  public static ScanResult group(List<InstanceSource> sources, int threads) {
    try (HeaderReading reading = new HeaderReading(threads, files -> {})) {
      for (InstanceSource source : sources) {
        reading.add(source, source.name());
      }
      return result(reading.finish());
    }
  }

  private static ScanResult result(HeaderReading.Outcome outcome) {
    return new ScanResult(group(outcome.instances()), outcome.skipped(), outcome.files());
  }

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

  /** The path of a file below a root, from their names: a walk appends to the root's name. */
  private static String relative(String folder, Path root, Path file) {
    String below = file.toString().substring(root.toString().length()).replace('\\', '/');
    below = below.startsWith("/") ? below.substring(1) : below;
    return folder.isEmpty() || below.isEmpty() ? folder + below : folder + "/" + below;
  }

  private static void walk(Path root, Consumer<Path> files) {
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                files.accept(file);
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
              files.accept(file); // listed as skipped when it cannot be read
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<Series> group(List<Instance> instances) {
    Map<String, List<Instance>> byUid = new TreeMap<>();
    for (Instance instance : instances) {
      String key = instance.seriesUid();
      if (key.isEmpty()) {
        String path = instance.path();
        key = FOLDER + (path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : ".");
      }
      byUid.computeIfAbsent(key, uid -> new ArrayList<>()).add(instance);
    }
    List<Series> series = new ArrayList<>();
    byUid.forEach(
        (uid, members) -> {
          List<List<Instance>> numbered = new ArrayList<>();
          for (List<Instance> same : byModality(members)) {
            for (List<Instance> one : byOwner(same)) {
              numbered.addAll(uid.startsWith(FOLDER) ? byNumber(one) : List.of(one));
            }
          }
          for (List<Instance> same : separate(numbered)) {
            same.sort(
                Comparator.comparingInt(Instance::instanceNumber).thenComparing(Instance::path));
            series.add(new Series(uid, commonPath(same), same));
          }
        });
    series.sort(Comparator.comparing(Series::path).thenComparing(Series::uid));
    return series;
  }

  /** One UID over two modalities is two series: a copied header, or a converter's mistake. */
  private static Collection<List<Instance>> byModality(List<Instance> instances) {
    Map<String, List<Instance>> series = new TreeMap<>();
    for (Instance instance : instances) {
      series.computeIfAbsent(instance.modality(), key -> new ArrayList<>()).add(instance);
    }
    return series.values();
  }

  /**
   * Two studies or patients in one folder without UIDs, or under a UID that an anonymizer gave to
   * all, are series of their own, in the order of their first files.
   */
  private static Collection<List<Instance>> byOwner(List<Instance> instances) {
    Map<Integer, List<Instance>> series = new LinkedHashMap<>();
    for (Instance instance : instances) {
      series.computeIfAbsent(instance.owner(), key -> new ArrayList<>()).add(instance);
    }
    return series.values();
  }

  /** Without UIDs, the numbers tell the series of a folder apart. */
  private static Collection<List<Instance>> byNumber(List<Instance> instances) {
    Map<Integer, List<Instance>> series = new TreeMap<>();
    for (Instance instance : instances) {
      series.computeIfAbsent(instance.seriesNumber(), key -> new ArrayList<>()).add(instance);
    }
    return series.values();
  }

  /**
   * Folders that hold the same image numbers under one UID are copies or other objects that share
   * it: each is a series of its own. Folders whose image numbers differ are parts of one series,
   * and so are the many folders with a file or two each of a store that spreads its files by hash.
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
        if (instance.instanceNumber() != 0) {
          String other = folderOfNumber.putIfAbsent(instance.instanceNumber(), folder);
          repeated |= other != null && !other.equals(folder);
        }
      }
      boolean spread = byFolder.size() > FEW_FOLDERS && group.size() < 2 * byFolder.size();
      if (repeated && !spread) {
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
