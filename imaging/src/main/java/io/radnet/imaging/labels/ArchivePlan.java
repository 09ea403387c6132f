package io.radnet.imaging.labels;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.series.SeriesScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * An archive cut into units of whole folder trees, so that memory does not grow with the archive: a
 * tree of up to {@link #UNIT_FILES} files is never cut, larger ones are cut between their
 * subfolders. A series whose files lie in folders of different units is a case for {@link
 * ScatteredSeries}.
 */
final class ArchivePlan {
  /** Files of one unit; a single folder may have more. */
  static final int UNIT_FILES = 20_000;

  /** Which files a part of the journal has; another version's are not gone on with. */
  private static final String JOURNAL = "rows, skipped, series\n";

  /**
   * A part of the archive.
   *
   * @param folders whose direct files belong to it
   * @param single files that were named as such
   * @param files how many
   * @param own what is no part of the archive
   */
  record Unit(List<Path> folders, List<Path> single, long files, Set<Path> own) {
    /** The files, in the order of their names. */
    List<Path> list() {
      List<Path> all = new ArrayList<>(single);
      for (Path folder : folders) {
        all.addAll(children(folder, own).files());
      }
      return all;
    }
  }

  private record Children(List<Path> files, List<Path> folders) {}

  private final Path base;
  private final List<Unit> units = new ArrayList<>();
  private long total;

  private ArchivePlan(Path base) {
    this.base = base;
  }

  /**
   * Plans without opening a file.
   *
   * @param own absolute paths of the run's own files and folders, which are no part of the archive
   * @throws InvalidInputException where a root does not exist
   */
  static ArchivePlan of(List<Path> roots, int unitFiles, Set<Path> own) {
    ArchivePlan plan = new ArchivePlan(SeriesScanner.base(roots));
    List<Unit> parts = new ArrayList<>();
    Set<Path> reached = new HashSet<>();
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        reached.add(real(root));
      }
    }
    for (Path root : roots) {
      Path absolute = root.toAbsolutePath().normalize();
      if (!Files.exists(absolute)) {
        throw new InvalidInputException(root, "no such file or folder");
      }
      if (Files.isDirectory(absolute)) {
        parts.addAll(parts(absolute, unitFiles, own, reached));
      } else {
        parts.add(new Unit(List.of(), List.of(absolute), 1, own));
      }
    }
    plan.pack(parts, unitFiles, own);
    return plan;
  }

  private void pack(List<Unit> parts, int unitFiles, Set<Path> own) {
    List<Path> folders = new ArrayList<>();
    List<Path> single = new ArrayList<>();
    long files = 0;
    for (Unit part : parts) {
      if (files > 0 && files + part.files() > unitFiles) {
        units.add(new Unit(List.copyOf(folders), List.copyOf(single), files, own));
        folders.clear();
        single.clear();
        files = 0;
      }
      folders.addAll(part.folders());
      single.addAll(part.single());
      files += part.files();
      total += part.files();
    }
    if (files > 0) {
      units.add(new Unit(List.copyOf(folders), List.copyOf(single), files, own));
    }
  }

  /** The folder that paths are relative to. */
  Path base() {
    return base;
  }

  /** The units in the order of their paths. */
  List<Unit> units() {
    return units;
  }

  /** All files. */
  long files() {
    return total;
  }

  /** A fingerprint of what is to be done: another archive or other rules give another one. */
  String fingerprint(String settings) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((JOURNAL + settings + "\n" + base + "\n").getBytes(StandardCharsets.UTF_8));
      for (Unit unit : units) {
        digest.update(
            (unit.folders() + " " + unit.single() + " " + unit.files() + "\n")
                .getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }

  /**
   * Whole trees that fit, or a folder's own files and then its subfolders' parts.
   *
   * @param reached takes the real paths of trees that links lead to; a link into a tree that is
   *     listed anyway is passed over, so that no link leads round and nothing counts twice
   */
  private static List<Unit> parts(Path folder, int unitFiles, Set<Path> own, Set<Path> reached) {
    Children children = children(folder, own);
    List<Unit> below = new ArrayList<>();
    for (Path child : children.folders()) {
      if (!Files.isSymbolicLink(child) || leadsOut(child, reached)) {
        below.addAll(parts(child, unitFiles, own, reached));
      }
    }
    long files = children.files().size();
    for (Unit unit : below) {
      files += unit.files();
    }
    if (files <= unitFiles) {
      List<Path> folders = new ArrayList<>();
      folders.add(folder);
      below.forEach(unit -> folders.addAll(unit.folders()));
      return List.of(new Unit(folders, List.of(), files, own));
    }
    List<Unit> parts = new ArrayList<>();
    parts.add(new Unit(List.of(folder), List.of(), children.files().size(), own));
    parts.addAll(below);
    return parts;
  }

  /** Whether a link leads to a tree that was not reached; it is reached then. */
  private static boolean leadsOut(Path link, Set<Path> reached) {
    Path target = real(link);
    return reached.stream().noneMatch(target::startsWith) && reached.add(target);
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Children children(Path folder, Set<Path> own) {
    List<Path> files = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    try {
      // One look at each entry: its kind comes with the listing, that of a link is its target's.
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          1,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes) {
              if (own.contains(entry)) {
                return FileVisitResult.CONTINUE;
              }
              if (attributes.isDirectory()) {
                folders.add(entry);
              } else if (attributes.isRegularFile()) {
                files.add(entry);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path entry, IOException failure)
                throws IOException {
              if (failure instanceof NoSuchFileException
                  || failure instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE; // removed while we listed, or a link to itself
              }
              throw failure;
            }
          });
    } catch (java.nio.file.AccessDeniedException e) {
      return new Children(List.of(folder), List.of()); // listed as skipped when it is read
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(Comparator.comparing(Path::toString));
    folders.sort(Comparator.comparing(Path::toString));
    return new Children(files, folders);
  }
}
