package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.commands.Main;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series of an archive that keeps all its files in one folder. */
class DiskScansTest {
  @Test
  void tellsTheSeriesOfAFlatFolderApart(@TempDir Path folder) throws IOException {
    Path phantom = folder.resolve("phantom");
    assertThat(Main.run("phantom", "--out", phantom.toString(), "--series", "8", "--seed", "3"))
        .isZero();
    Path flat = Files.createDirectories(folder.resolve("flat"));
    Map<String, String> patients = new HashMap<>();
    DiskScans scans = new DiskScans();
    int copied = 0;
    for (Series series : SeriesScanner.scan(List.of(phantom.resolve("series")), 1).series()) {
      Path own = phantom.resolve("series").resolve(series.path());
      List<Path> files = scans.files(own, series.uid(), series.instances().size());
      assertThat(files).hasSameSizeAs(series.instances());
      patients.put(series.uid(), scans.patient(files.get(0)).orElseThrow());
      for (Path file : files) {
        Files.copy(file, flat.resolve(copied++ + ".dcm"));
      }
    }
    assertThat(Set.copyOf(patients.values())).hasSizeGreaterThan(1);

    Set<Path> seen = new TreeSet<>();
    for (Map.Entry<String, String> each : patients.entrySet()) {
      List<Path> files = scans.files(flat, each.getKey(), 0);
      assertThat(seen).doesNotContainAnyElementsOf(files);
      seen.addAll(files);
      assertThat(scans.patient(files.get(files.size() - 1))).contains(each.getValue());
    }
    assertThat(seen).hasSize(copied);
    try (Stream<Path> all = Files.list(flat)) {
      assertThat(new ArrayList<>(seen)).containsExactlyInAnyOrderElementsOf(all.toList());
    }
    assertThatThrownBy(() -> scans.files(flat, "1.2.3", 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("none of its");
  }
}
