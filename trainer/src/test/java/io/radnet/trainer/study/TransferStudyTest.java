package io.radnet.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.segmentation.Balls;
import io.radnet.trainer.segmentation.EncoderSchedule;
import io.radnet.trainer.segmentation.SegmentationSample;
import io.radnet.trainer.training.Devices;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransferStudyTest {
  private static TransferPlan plan(List<Integer> labelled, double rate) {
    return new TransferPlan(
        List.of(1L, 2L),
        labelled,
        List.of(3),
        2,
        rate,
        new EncoderSchedule(0.15, 0.5),
        Devices.CPU);
  }

  private static TransferStudy study(Path folder, TransferPlan plan, long backboneSeed) {
    return new TransferStudy(
        folder,
        Balls.backbone(backboneSeed),
        Balls.recipe(),
        Balls.samples(3, 1),
        Balls.samples(2, 2),
        plan);
  }

  @Test
  void runsEverySettingInPairsAndWritesRowsTableAndPlot(@TempDir Path folder) throws Exception {
    List<String> told = new ArrayList<>();
    TransferResult result =
        study(folder, plan(List.of(1, 3), 5e-3), 9).run((done, all) -> told.add(done + "/" + all));

    assertThat(told).hasSize(8).endsWith("8/8");
    assertThat(result.rows()).hasSize(8);
    assertThat(result.rows().stream().filter(TransferRow::backbone)).hasSize(4);
    assertThat(result.rows())
        .allSatisfy(row -> assertThat(row.dice()).isBetween(0.0, 1.0))
        .allSatisfy(row -> assertThat(row.leastDice()).isLessThanOrEqualTo(row.dice()));
    assertThat(Files.readAllLines(folder.resolve("rows.csv")))
        .hasSize(9)
        .startsWith(TransferRow.HEADER);
    assertThat(Files.readString(folder.resolve("table.md")))
        .contains("2 test scans", "±")
        .contains("|     3 |        1 |", "|     3 |        3 |");
    BufferedImage plot = ImageIO.read(folder.resolve("transfer.png").toFile());
    assertThat(plot.getWidth()).isEqualTo(900);
  }

  @Test
  void bothStartsDifferInTheEncoderOnly(@TempDir Path folder) throws Exception {
    study(folder, plan(List.of(1), 1e-12), 9).run((done, all) -> {});
    Checkpoint with = Checkpoint.read(folder.resolve("runs/seed1-labelled1-steps3-backbone"));
    Checkpoint without = Checkpoint.read(folder.resolve("runs/seed1-labelled1-steps3-scratch"));
    assertThat(weights(with, "decoder.classes.weight"))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(weights(without, "decoder.classes.weight"));
    assertThat(weights(with, "encoder.stem.weight"))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(weights(Balls.backbone(9), "encoder.stem.weight"));
    assertThat(weights(without, "encoder.stem.weight"))
        .isNotEqualTo(weights(with, "encoder.stem.weight"));
  }

  private static float[] weights(Checkpoint checkpoint, String path) {
    return Objects.requireNonNull(checkpoint.weights().get(path), path).values();
  }

  @Test
  void goesOnAfterTheRowsThatAreThere(@TempDir Path folder, @TempDir Path whole) throws Exception {
    TransferPlan plan = plan(List.of(1, 2), 5e-3);
    study(whole, plan, 9).run((done, all) -> {});
    study(folder, plan, 9).run((done, all) -> {});
    List<String> rows = Files.readAllLines(folder.resolve("rows.csv"));
    Files.write(folder.resolve("rows.csv"), rows.subList(0, 4));
    List<String> kept = rows.subList(0, 4);

    study(folder, plan, 9).run((done, all) -> {});

    List<String> again = Files.readAllLines(folder.resolve("rows.csv"));
    assertThat(again).hasSize(9).startsWith(kept.toArray(String[]::new));
    assertThat(again.stream().map(TransferStudyTest::withoutSeconds))
        .containsExactlyElementsOf(
            Files.readAllLines(whole.resolve("rows.csv")).stream()
                .map(TransferStudyTest::withoutSeconds)
                .toList());
  }

  private static String withoutSeconds(String row) {
    return row.substring(0, row.lastIndexOf(','));
  }

  @Test
  void refusesTheFolderOfAnotherStudy(@TempDir Path folder) throws Exception {
    study(folder, plan(List.of(1), 5e-3), 9).run((done, all) -> {});
    String rows = Files.readString(folder.resolve("rows.csv"));
    assertThatThrownBy(() -> study(folder, plan(List.of(1), 5e-3), 10).run((done, all) -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another backbone")
        .hasMessageContaining("--out");
    assertThat(Files.readString(folder.resolve("rows.csv"))).isEqualTo(rows);
  }

  /** As many scans, but other ones; and a study of before there was a checksum of them. */
  @Test
  void refusesTheFolderOfAnotherDataSet(@TempDir Path folder) throws Exception {
    TransferPlan plan = plan(List.of(1), 5e-3);
    study(folder, plan, 9).run((done, all) -> {});
    List<SegmentationSample> train = Balls.samples(3, 1);
    List<SegmentationSample> test = Balls.samples(2, 2);
    List<SegmentationSample> renamed = new ArrayList<>(train);
    SegmentationSample first = train.get(0);
    renamed.set(0, new SegmentationSample("other", first.input(), first.mask(), first.truth()));
    List<TransferStudy> others =
        List.of(
            other(folder, Balls.recipe(), Balls.samples(3, 4), test),
            other(folder, Balls.recipe(), train, Balls.samples(2, 4)),
            other(folder, Balls.recipe(), renamed, test),
            other(folder, Balls.recipe(List.of("background", "sphere")), train, test));
    for (TransferStudy each : others) {
      assertThatThrownBy(() -> each.run((done, all) -> {}))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("another or no data_digest; choose another --out");
    }
    other(folder, Balls.recipe(), train, test).run((done, all) -> {});

    Path file = folder.resolve("study.json");
    Files.writeString(file, Files.readString(file).replaceFirst(",\\s*\"data_digest\"[^\\n]*", ""));
    assertThatThrownBy(() -> study(folder, plan, 9).run((done, all) -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("an older version")
        .hasMessageContaining("another or no data_digest; choose another --out");
  }

  private static TransferStudy other(
      Path folder, Recipe recipe, List<SegmentationSample> train, List<SegmentationSample> test) {
    return new TransferStudy(
        folder, Balls.backbone(9), recipe, train, test, plan(List.of(1), 5e-3));
  }

  @Test
  void refusesMoreLabelledScansThanThereAre(@TempDir Path folder) {
    assertThatThrownBy(() -> study(folder, plan(List.of(4), 5e-3), 9))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("scans: 3 (expected: >= 4)");
  }

  @Test
  void aBrokenRowNamesItsLine(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("rows.csv"), TransferRow.HEADER + "\n1,2,3\n");
    assertThatThrownBy(() -> study(folder, plan(List.of(1), 5e-3), 9).run((done, all) -> {}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("rows.csv line 2");
  }
}
