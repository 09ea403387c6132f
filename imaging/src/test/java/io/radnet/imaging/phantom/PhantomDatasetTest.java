package io.radnet.imaging.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.commands.Main;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.SeriesVolume;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.NiftiReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PhantomDatasetTest {
  @TempDir Path folder;

  private static PhantomDataset.Options options(
      int series, boolean liver, double wrong, int threads) {
    return new PhantomDataset.Options(series, 5, liver, false, false, wrong, 0, threads);
  }

  @Test
  void theSameSeedGivesTheSameBytesWhateverTheThreads() throws IOException {
    new PhantomDataset(options(6, false, 0.5, 1)).write(folder.resolve("a"), null);
    new PhantomDataset(options(6, false, 0.5, 3)).write(folder.resolve("b"), null);
    Map<String, byte[]> first = files(folder.resolve("a"));
    Map<String, byte[]> second = files(folder.resolve("b"));
    assertThat(first.keySet()).isEqualTo(second.keySet());
    assertThat(first.keySet()).contains("truth.jsonl", "splits.json", "wrong.jsonl");
    first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
    new PhantomDataset(new PhantomDataset.Options(1, 6, false, false, false, 0, 0, 1))
        .write(folder.resolve("c"), null);
    assertThat(Files.readString(folder.resolve("c/truth.jsonl")))
        .doesNotContain(Files.readString(folder.resolve("a/truth.jsonl")).substring(0, 60));
  }

  @Test
  void modalitiesCanBeChosenFromThoseOfTheTask() {
    PhantomDataset.Options few =
        new PhantomDataset.Options(12, 5, true, false, false, 0, 0, Set.of("CT"), 1);
    assertThat(new PhantomDataset(few).plans())
        .hasSize(12)
        .allSatisfy(plan -> assertThat(plan.acquisition().modality()).isEqualTo("CT"));
    assertThatThrownBy(
            () -> new PhantomDataset.Options(12, 5, true, false, false, 0, 0, Set.of("PT"), 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--modalities")
        .hasMessageContaining("[CT, MR]");
  }

  /** Reading what was written gives the planned grid and the scanned values. */
  @Test
  void theFilesHoldWhatWasScanned() throws IOException {
    PhantomDataset dataset = new PhantomDataset(options(12, false, 0, 2));
    dataset.write(folder, null);
    ScanResult found = SeriesScanner.scan(List.of(folder), 2);
    assertThat(found.series()).hasSize(12);
    Map<String, SeriesPlan> plans = new HashMap<>();
    dataset.plans().forEach(plan -> plans.put(plan.uid(0), plan));
    for (Series series : found.series()) {
      SeriesPlan plan = Objects.requireNonNull(plans.get(series.uid()), series.uid());
      assertThat(series.path()).isEqualTo(plan.path());
      List<SeriesVolume> volumes = VolumeAssembler.assemble(series);
      assertThat(volumes).hasSize(1);
      assertThat(volumes.get(0).volume().geometry().matches(plan.geometry(), 0.01))
          .as(plan.path() + " " + plan.view())
          .isTrue();
      float[] values = Scanner.scan(plan).values();
      double tolerance = plan.acquisition().modality().equals("PT") ? 20 : 0.51;
      for (int n = 0; n < values.length; n += 97) {
        assertThat(volumes.get(0).volume().value(n)).isCloseTo(values[n], within(tolerance));
      }
    }
  }

  @Test
  void everyClassOccursAndPatientsStayInOneSplit() {
    Map<String, Integer> classes = new TreeMap<>();
    Map<String, Set<String>> splits = new TreeMap<>();
    for (SeriesPlan plan : new PhantomDataset(options(160, false, 0, 1)).plans()) {
      var truth = Truth.of(plan);
      classes.merge(truth.modality(), 1, Integer::sum);
      classes.merge(truth.sequence(), 1, Integer::sum);
      classes.merge(truth.view(), 1, Integer::sum);
      classes.merge("contrast " + truth.contrast(), 1, Integer::sum);
      truth.regions().forEach(region -> classes.merge(region, 1, Integer::sum));
      splits
          .computeIfAbsent(plan.patient().id(), id -> new HashSet<>())
          .add(plan.patient().split());
      assertThat(truth.spacingMm()).isBetween(0.9, 9.0);
      assertThat(plan.geometry().depth()).isBetween(14, 72);
    }
    assertThat(classes)
        .containsOnlyKeys(
            "CT",
            "MR",
            "PT",
            "T1w",
            "T2w",
            "PDw",
            "T2-FLAIR",
            "T1-FLAIR",
            "STIR",
            "DWI",
            "ADC",
            "T2star",
            "none",
            "axial",
            "coronal",
            "sagittal",
            "contrast iv",
            "contrast none",
            "contrast unknown",
            "brain",
            "head",
            "neck",
            "chest",
            "breast",
            "liver",
            "kidney",
            "abdomen",
            "pelvis",
            "spine",
            "extremity");
    assertThat(classes.values()).allMatch(count -> count >= 5);
    assertThat(splits.values()).allMatch(names -> names.size() == 1);
    assertThat(splits.values().stream().flatMap(Set::stream))
        .contains("train", "validation", "test");
  }

  @Test
  void liverMasksLieOnTheScanAndAreAsLargeAsLivers() throws IOException {
    PhantomDataset dataset = new PhantomDataset(options(6, true, 0, 2));
    dataset.write(folder, null);
    assertThat(Files.readAllLines(folder.resolve("cases.jsonl"))).hasSize(6);
    for (SeriesPlan plan : dataset.plans()) {
      LabelMap mask =
          NiftiReader.readLabels(
              folder.resolve("masks/" + plan.patient().id() + "-" + plan.name() + ".nii.gz"));
      assertThat(mask.geometry().matches(plan.geometry(), 0.01)).isTrue();
      assertThat(mask.millilitres(1)).isBetween(600.0, 3500.0);
    }
  }

  @Test
  void wrongHeadersAreListedAndTheRestIsTheSame() {
    PhantomDataset honest = new PhantomDataset(options(100, false, 0, 1));
    PhantomDataset lying = new PhantomDataset(options(100, false, 0.2, 1));
    for (int n = 0; n < 100; n++) {
      assertThat(Truth.of(lying.plans().get(n))).isEqualTo(Truth.of(honest.plans().get(n)));
    }
    Draw draw = new Draw(3, false);
    for (SeriesPlan plan : honest.plans()) {
      WrongClaim lie = WrongClaim.draw(plan, draw);
      assertThat(lie.claimed()).isNotEqualTo(lie.real());
      assertThat(lie.claim().geometry()).isEqualTo(plan.geometry());
    }
  }

  @Test
  void aFolderInUseIsRefusedUnlessForcedAndForeignFilesStay() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThat(run("--out", folder.toString(), "--series", "1")).isEqualTo(1);
    assertThatThrownBy(() -> PhantomDataset.prepare(folder, false))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--force");
    assertThat(run("--out", folder.toString(), "--series", "1", "--force")).isZero();
    assertThat(run("--out", folder.toString(), "--series", "1", "--force")).isZero();
    assertThat(folder.resolve("notes.txt")).exists();
    Files.writeString(folder.resolve("series/own.txt"), "mine too");
    assertThat(run("--out", folder.toString(), "--series", "1", "--force")).isEqualTo(1);
    assertThat(folder.resolve("series/own.txt")).exists();
  }

  @Test
  void wrongUsage() {
    assertThat(run("--series", "3")).isEqualTo(2);
    assertThat(run("--out", folder.resolve("x").toString(), "--task", "kidney")).isEqualTo(2);
    assertThat(run("--out", folder.resolve("x").toString(), "--series", "0")).isEqualTo(1);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void theMontageIsWritten() throws IOException {
    Path picture = folder.resolve("montage.png");
    assertThat(
            run(
                "--out",
                folder.resolve("y").toString(),
                "--series",
                "1",
                "--montage",
                picture.toString()))
        .isZero();
    assertThat(Files.size(picture)).isGreaterThan(1000);
  }

  private static int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "phantom";
    System.arraycopy(args, 0, all, 1, args.length);
    return Main.run(all);
  }

  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (var all = Files.walk(root)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }
}
