package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.trainer.network.Preset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TargetTest {
  private static SeriesLabels labels(
      String modality,
      String sequence,
      String contrast,
      List<String> regions,
      @org.jspecify.annotations.Nullable Double spacing) {
    return new SeriesLabels(
        "uid",
        "path",
        modality,
        sequence,
        "none",
        "axial",
        false,
        contrast,
        regions,
        spacing,
        "positions",
        true,
        0.0,
        List.of(),
        1,
        1,
        1,
        null,
        Map.of());
  }

  @Test
  void regionsBesideANamedOneAreNotDenied() {
    Target target = Target.of(labels("CT", "none", "iv", List.of("abdomen"), 2.0), Preset.heads());
    List<String> regions = Preset.heads().get(4).classes();
    boolean[] stated = target.stated()[4];
    assertThat(stated[regions.indexOf("abdomen")]).isTrue();
    assertThat(stated[regions.indexOf("liver")]).isFalse();
    assertThat(stated[regions.indexOf("chest")]).isFalse();
    assertThat(stated[regions.indexOf("brain")]).isTrue();
    assertThat(stated[regions.indexOf("extremity")]).isTrue();
  }

  @Test
  void knownLabelsBecomeTargets() {
    Target target =
        Target.of(labels("MR", "T2w", "iv", List.of("brain", "head"), 2.0), Preset.heads());
    assertThat(target.known()).containsExactly(true, true, true, true, true, true);
    assertThat(target.classOf(0)).isEqualTo(1);
    assertThat(target.classOf(1)).isEqualTo(1);
    assertThat(target.classOf(3)).isEqualTo(1);
    assertThat(target.values()[4]).startsWith(1, 1, 0).hasSize(11);
    assertThat(target.values()[5][0]).isEqualTo((float) Math.log(2));
  }

  @Test
  void whatIsUnknownOrHasNoClassIsMasked() {
    Target target = Target.of(labels("NM", "SWI", "oral", List.of(), null), Preset.heads());
    assertThat(target.known()).containsExactly(false, false, true, false, false, false);
    assertThat(target.classOf(0)).isEqualTo(-1);
  }

  @Test
  void noSequenceIsAClassOfItsOwn() {
    Target target = Target.of(labels("CT", "none", "none", List.of("chest"), 1.0), Preset.heads());
    assertThat(target.classOf(1)).isEqualTo(9);
    assertThat(target.classOf(3)).isEqualTo(0);
  }

  @Test
  void thickSlicesChangeTheSpacing() {
    Augmentation augmentation = new Augmentation(List.of(8, 8, 8), Preset.heads());
    Target target = Target.of(labels("CT", "none", "iv", List.of("chest"), 3.0), Preset.heads());
    float[] filled = new float[512];
    java.util.Arrays.fill(filled, 0.5f);
    int thick = 0;
    for (int seed = 0; seed < 200; seed++) {
      Augmentation.Result result = augmentation.apply(filled, target, new SplittableRandom(seed));
      float spacing = result.target().values()[5][0];
      // As it is or doubled, of a patient of nearly the same size.
      double single = spacing - Math.log(spacing > 1.5 ? 6 : 3);
      assertThat(single).isBetween(-0.121, 0.121);
      thick += spacing > 1.5 ? 1 : 0;
      assertThat(result.target().values()[2]).isEqualTo(target.values()[2]);
      for (float value : result.values()) {
        assertThat(value).isBetween(0f, 1f);
      }
    }
    assertThat(thick).isBetween(4, 20);
    assertThat(target.values()[5][0]).isEqualTo((float) Math.log(3));
  }

  @Test
  void batchesDoNotDependOnThreads() throws Exception {
    List<Sample> samples = SyntheticSeries.samples(List.of(8, 16, 16), Preset.heads(), 10, 3);
    Augmentation augmentation = new Augmentation(List.of(8, 16, 16), Preset.heads());
    PlaneReduction all = PlaneReduction.none(List.of(8, 16, 16));
    try (Batches one = new Batches(samples, all, 4, Optional.of(augmentation), 5, 2, 1);
        Batches four = new Batches(samples, all, 4, Optional.of(augmentation), 5, 2, 4)) {
      int seen = 0;
      while (!one.done()) {
        Batch a = one.take();
        Batch b = four.take();
        assertThat(a.volumes()).isEqualTo(b.volumes());
        seen += a.size();
      }
      assertThat(seen).isEqualTo(10);
      assertThat(four.done()).isTrue();
    }
  }

  @Test
  void aBadLabelFileNamesTheLine(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("labels.jsonl");
    assertThatThrownBy(() -> LabelFile.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no label file");
    Files.writeString(file, "{\"path\":3\n");
    assertThatThrownBy(() -> LabelFile.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("labels.jsonl:1");
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> LabelFile.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("usable rows: 0");
  }
}
