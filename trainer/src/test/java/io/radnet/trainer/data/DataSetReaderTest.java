package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataSetReaderTest {
  private static final Recipe RECIPE = Preset.TINY.labelRecipe();

  /** Scans whose file holds the patient; the text "broken" cannot be read. */
  private static final class TextScans implements ScanReader {
    private final AtomicInteger reads = new AtomicInteger();

    @Override
    public Volume read(Path path, String uid) throws IOException {
      reads.incrementAndGet();
      if (Files.readString(path).startsWith("broken")) {
        throw new InvalidInputException(path, "broken");
      }
      float[] values = new float[20 * 20 * 4];
      for (int v = 0; v < values.length; v++) {
        values[v] = v % 100;
      }
      return Volume.of(Geometry.axisAligned(20, 20, 4, 8, 8, 5), values);
    }

    @Override
    public List<Path> files(Path path, String uid, int instances) {
      return List.of(path);
    }

    @Override
    public Optional<String> patient(Path path) {
      try {
        return Files.readString(path).lines().findFirst();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static SeriesLabels row(String path) {
    return new SeriesLabels(
        "uid",
        path,
        "CT",
        "none",
        "none",
        "axial",
        false,
        "unknown",
        List.of("liver"),
        5.0,
        "positions",
        true,
        0.0,
        List.of(8.0, 8.0),
        4,
        4,
        1,
        null,
        Map.of());
  }

  private static DataSetReader reader(Path folder, ScanReader scans) {
    return new DataSetReader(folder, RECIPE, new InputCache(folder.resolve("cache")), scans, 2);
  }

  @Test
  void aPatientIsInOneSplitOnly(@TempDir Path folder) throws Exception {
    List<SeriesLabels> rows = new ArrayList<>();
    for (int n = 0; n < 60; n++) {
      Files.writeString(folder.resolve("s" + n), "patient" + n / 3 + "\n" + n);
      rows.add(row("s" + n));
    }
    LabelDataSet data = reader(folder, new TextScans()).read(rows);
    assertThat(data.patients()).isEqualTo(20);
    assertThat(data.train().size() + data.validation().size() + data.test().size()).isEqualTo(60);
    for (Split split : Split.values()) {
      assertThat(data.samples(split).size() % 3).isZero();
    }
    assertThat(data.train()).isNotEmpty();
  }

  @Test
  void splitsFileWins(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a"), "P1");
    Files.createDirectories(folder.resolve("series/P2"));
    Files.writeString(folder.resolve("series/P2/b"), "other");
    Files.writeString(folder.resolve(Split.FILE), "{\"P1\":\"validation\",\"P2\":\"test\"}");
    LabelDataSet data = reader(folder, new TextScans()).read(List.of(row("a"), row("series/P2/b")));
    assertThat(data.validation()).extracting(Sample::name).containsExactly("a");
    assertThat(data.validation()).extracting(Sample::seriesUid).containsExactly("uid");
    assertThat(data.test()).extracting(Sample::name).containsExactly("series/P2/b");
  }

  /** An evaluation of the test patients need not prepare those that were learned from. */
  @Test
  void readsOnlyTheSplitsThatAreAskedFor(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a"), "P1");
    Files.writeString(folder.resolve("b"), "P2");
    Files.writeString(folder.resolve(Split.FILE), "{\"P1\":\"train\",\"P2\":\"test\"}");
    TextScans scans = new TextScans();
    List<SeriesLabels> rows = List.of(row("a"), row("b"));
    LabelDataSet data = reader(folder, scans).read(rows, EnumSet.of(Split.TEST));
    assertThat(data.test()).extracting(Sample::name).containsExactly("b");
    assertThat(data.train()).isEmpty();
    assertThat(data.skipped()).isEmpty();
    assertThat(scans.reads).hasValue(1);
    assertThat(reader(folder, scans).read(rows, EnumSet.of(Split.VALIDATION)).validation())
        .isEmpty();
  }

  @Test
  void readsEachScanOnceAndAgainOnlyWhereItChanged(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a"), "P1");
    TextScans scans = new TextScans();
    LabelDataSet data = reader(folder, scans).read(List.of(row("a")));
    Sample sample = all(data).get(0);
    float[] first = sample.input().read();
    reader(folder, scans).read(List.of(row("a")));
    assertThat(scans.reads).hasValue(1);
    assertThat(first).hasSize(16 * 48 * 48);
    Files.writeString(folder.resolve("a"), "P1 changed");
    reader(folder, scans).read(List.of(row("a")));
    assertThat(scans.reads).hasValue(2);
    deleteCache(folder);
    assertThat(java.util.Arrays.equals(sample.input().read(), first)).isTrue();
    assertThat(scans.reads).hasValue(3);
  }

  private static void deleteCache(Path folder) throws IOException {
    try (var files = Files.walk(folder.resolve("cache"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static List<Sample> all(LabelDataSet data) {
    List<Sample> all = new ArrayList<>(data.train());
    all.addAll(data.validation());
    all.addAll(data.test());
    return all;
  }

  @Test
  void skipsWhatCannotBeReadAndSaysWhatIsMissing(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a"), "P1");
    Files.writeString(folder.resolve("b"), "broken");
    LabelDataSet data = reader(folder, new TextScans()).read(List.of(row("a"), row("b")));
    assertThat(all(data)).hasSize(1);
    assertThat(data.skipped()).hasSize(1);
    assertThatThrownBy(() -> reader(folder, new TextScans()).read(List.of(row("a"), row("c"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1 of 2, the first is c");
  }

  @Test
  void aHalfWrittenCacheFileIsMadeAgain(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a"), "P1");
    TextScans scans = new TextScans();
    Sample sample = all(reader(folder, scans).read(List.of(row("a")))).get(0);
    float[] first = sample.input().read();
    try (var files = Files.walk(folder.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 500));
      }
    }
    assertThat(java.util.Arrays.equals(sample.input().read(), first)).isTrue();
  }
}
