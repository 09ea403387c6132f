package io.radnet.imaging.labels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Series whose files lie in more than one unit of an archive, as in a store that spreads its files
 * over folders by hash. They show when all units are labelled, and are shared out into parts of
 * about as many files as a unit has, to be read together once more. Held in memory: a few numbers
 * per series, and the names of one unit's files.
 */
final class ScatteredSeries {
  private static final class Seen {
    private final int unit;
    private long files;
    private boolean scattered;

    Seen(int unit) {
      this.unit = unit;
    }
  }

  private final List<JournalPart> parts = new ArrayList<>();
  private final Map<String, Integer> partOf = new LinkedHashMap<>();
  private long files;

  private ScatteredSeries() {}

  /** None: an archive of one unit. */
  static ScatteredSeries none() {
    return new ScatteredSeries();
  }

  /**
   * Finds them and writes the list of files of each part.
   *
   * @param units that are done
   * @param partFiles of a part, at most, unless a single series has more
   */
  static ScatteredSeries find(Path journal, List<JournalPart> units, long partFiles)
      throws IOException {
    ScatteredSeries found = new ScatteredSeries();
    found.assign(seen(units), journal, partFiles);
    for (JournalPart part : found.parts) {
      Files.deleteIfExists(part.files()); // of a run that was interrupted while it wrote them
    }
    for (JournalPart unit : found.parts.isEmpty() ? List.<JournalPart>of() : units) {
      found.shareOut(unit);
    }
    return found;
  }

  private static Map<String, Seen> seen(List<JournalPart> units) {
    Map<String, Seen> seen = new LinkedHashMap<>();
    for (int u = 0; u < units.size(); u++) {
      int unit = u;
      try (Stream<JournalPart.Members> series = members(units.get(u))) {
        series.forEach(
            members -> {
              Seen one = seen.computeIfAbsent(members.uid(), uid -> new Seen(unit));
              one.files += members.files().size();
              one.scattered |= one.unit != unit;
            });
      }
    }
    return seen;
  }

  private static Stream<JournalPart.Members> members(JournalPart unit) {
    return JournalPart.read(unit.series(), JournalPart.Members.class);
  }

  private void assign(Map<String, Seen> seen, Path journal, long partFiles) {
    long filled = partFiles;
    for (Map.Entry<String, Seen> entry : seen.entrySet()) {
      if (entry.getValue().scattered) {
        long more = entry.getValue().files;
        if (parts.isEmpty() || filled + more > partFiles) {
          parts.add(JournalPart.joined(journal, parts.size()));
          filled = 0;
        }
        partOf.put(entry.getKey(), parts.size() - 1);
        filled += more;
        files += more;
      }
    }
  }

  private void shareOut(JournalPart unit) throws IOException {
    Map<Integer, StringBuilder> lines = new TreeMap<>();
    try (Stream<JournalPart.Members> series = members(unit)) {
      series.forEach(
          members -> {
            Integer part = partOf.get(members.uid());
            if (part != null) {
              StringBuilder text = lines.computeIfAbsent(part, key -> new StringBuilder());
              members.files().forEach(file -> text.append(JournalPart.line(file)));
            }
          });
    }
    for (Map.Entry<Integer, StringBuilder> entry : lines.entrySet()) {
      Files.writeString(
          parts.get(entry.getKey()).files(),
          entry.getValue(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  /** The parts that they are labelled in. */
  List<JournalPart> parts() {
    return parts;
  }

  /** How many files they have. */
  long files() {
    return files;
  }

  /** The files of a part, in the order of their names. */
  static List<Path> files(JournalPart part, Path base) {
    try (Stream<String> names = JournalPart.read(part.files(), String.class)) {
      return names.sorted().map(base::resolve).toList();
    }
  }

  /** Their UIDs, as in the rows. */
  Set<String> uids() {
    return partOf.keySet();
  }
}
