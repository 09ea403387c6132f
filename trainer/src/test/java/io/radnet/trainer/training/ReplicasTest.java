package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Block;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Tensor;
import io.radnet.trainer.data.Batch;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.SyntheticSeries;
import io.radnet.trainer.network.Networks;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.network.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final Checkpoint START = Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 4);
  private static final Recipe RECIPE = START.recipe();
  private static final int BATCH = 6;

  private static final List<Sample> SAMPLES =
      SyntheticSeries.samples(RECIPE.grid(), RECIPE.heads(), BATCH, 3);

  private record Trained(
      List<Map<String, Tensor>> copies, Map<String, Tensor> optimiser, double loss, double norm) {}

  private static Batch batch() {
    int voxels = RECIPE.grid().stream().reduce(1, Math::multiplyExact);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(BATCH * voxels * Float.BYTES).order(ByteOrder.nativeOrder());
    int at = 0;
    for (Sample sample : SAMPLES) {
      bytes.asFloatBuffer().put(at, sample.input().read());
      at += voxels;
    }
    return new Batch(bytes, RECIPE.grid(), SAMPLES.stream().map(Sample::target).toList());
  }

  /** Three steps on the same batch. */
  private static Trained train(int devices, int accumulate) {
    Hardware hardware = new Hardware(Devices.CPU, devices, accumulate);
    MultiHeadLoss loss =
        new MultiHeadLoss(
            RECIPE.heads(),
            new HeadBalance(RECIPE.heads(), SAMPLES.stream().map(Sample::target).toList()),
            HeadWeights.EQUAL);
    try (Replicas replicas =
        new Replicas(
            () -> Networks.build(START.architecture(), RECIPE),
            RECIPE.grid(),
            START.source(),
            hardware,
            0.01)) {
      TrainingStep step = new TrainingStep(replicas, hardware.parts(), loss, 2);
      Replicas.Result last = new Replicas.Result(0, 0);
      for (int i = 0; i < 3; i++) {
        last = step.run(batch(), 1e-3);
      }
      List<Map<String, Tensor>> copies = new ArrayList<>();
      replicas.each((Block network) -> copies.add(Weights.copy(network)));
      return new Trained(copies, replicas.optimiserState(), last.loss(), last.gradientNorm());
    }
  }

  private static Map<String, Tensor> learned(Map<String, Tensor> weights) {
    Map<String, Tensor> learned = new TreeMap<>(weights);
    learned.keySet().removeIf(path -> path.contains("running_"));
    return learned;
  }

  private static Tensor view(Trained trained) {
    return Objects.requireNonNull(trained.copies().get(0).get("heads.view.weight"));
  }

  @Test
  void copiesStayTheSameAndStepAsOneDeviceDoesWithTheSameParts() {
    Trained one = train(1, 2);
    Trained two = train(2, 1);

    assertThat(two.copies()).hasSize(2);
    assertThat(learned(two.copies().get(1))).isEqualTo(learned(two.copies().get(0)));
    assertThat(two.loss()).isCloseTo(one.loss(), within(1e-6));
    assertThat(two.norm()).isCloseTo(one.norm(), within(1e-4));
    Tensor expected = view(one);
    Tensor actual = view(two);
    assertThat(actual.values())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected.values());
  }

  @Test
  void aBatchInPartsLearnsFromAllOfThem() {
    Trained whole = train(1, 1);
    Trained parts = train(1, 3);

    assertThat(parts.loss()).isNotEqualTo(whole.loss());
    assertThat(parts.loss()).isCloseTo(whole.loss(), within(0.3 * whole.loss()));
    assertThat(parts.optimiser()).containsOnlyKeys(whole.optimiser().keySet());
  }

  @Test
  void partsCoverABatchOnce() {
    Batch batch = batch();
    List<Batch> parts = batch.parts(4);

    assertThat(parts).extracting(Batch::size).containsExactly(1, 2, 1, 2);
    assertThat(parts.stream().flatMap(part -> part.targets().stream()))
        .containsExactlyElementsOf(batch.targets());
    ByteBuffer joined = ByteBuffer.allocate(batch.volumes().remaining());
    parts.forEach(part -> joined.put(part.volumes().duplicate()));
    assertThat(joined.flip()).isEqualTo(batch.volumes());
    assertThat(batch.parts(100)).hasSize(BATCH);
  }

  @Test
  void refusesMorePartsThanVolumes() {
    assertThatThrownBy(() -> new Hardware(Devices.CPU, 2, 4).check(7))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("7 (expected: >= 8");
  }
}
