package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Batch;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.SyntheticSeries;
import io.radnet.trainer.data.Target;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.network.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingStepTest {
  private static final List<Integer> GRID = List.of(2, 4, 4);
  private static final List<Head> HEADS = Preset.heads();
  private static final int BATCH = 6;
  private static final List<Sample> SAMPLES = SyntheticSeries.samples(GRID, HEADS, BATCH, 3);

  private record Stepped(double loss, double norm, double[] headLosses) {}

  /** Linear from voxels to an embedding and logits: no volume sees the others of its part. */
  private static Block network() {
    ParallelBlock network =
        new ParallelBlock(
            lists -> {
              NDList all = new NDList();
              lists.forEach(all::addAll);
              return all;
            });
    network.add(layer(1));
    HEADS.forEach(head -> network.add(layer(head.classes().size())));
    return network;
  }

  private static Block layer(int units) {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(units).build());
  }

  /** Only the first series knows its view; some do not know their modality. */
  private static List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    int view = HEADS.stream().map(Head::name).toList().indexOf("view");
    for (Sample sample : SAMPLES) {
      boolean[] known = sample.target().known().clone();
      known[view] = targets.isEmpty();
      targets.add(new Target(sample.target().values(), known));
    }
    return targets;
  }

  private static Stepped step(Hardware hardware) {
    int voxels = GRID.stream().reduce(1, Math::multiplyExact);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(BATCH * voxels * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int n = 0; n < BATCH; n++) {
      bytes.asFloatBuffer().put(n * voxels, SAMPLES.get(n).input().read());
    }
    List<Target> targets = targets();
    MultiHeadLoss loss =
        new MultiHeadLoss(HEADS, new HeadBalance(HEADS, targets), HeadWeights.EQUAL);
    try (Replicas replicas =
        new Replicas(TrainingStepTest::network, GRID, Weights.random(4), hardware, 0.01)) {
      TrainingStep step = new TrainingStep(replicas, hardware.parts(), loss, 2);
      Replicas.Result result = step.run(new Batch(bytes, GRID, targets), 1e-3);
      return new Stepped(result.loss(), result.gradientNorm(), step.headLosses());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 6", "1, 4", "2, 1", "2, 3"})
  void aBatchInPartsHasTheLossAndTheGradientOfTheWhole(int devices, int accumulate) {
    Stepped whole = step(Hardware.single(Devices.CPU));
    Stepped parts = step(new Hardware(Devices.CPU, devices, accumulate));

    assertThat(parts.loss()).isCloseTo(whole.loss(), within(1e-5 * whole.loss()));
    assertThat(parts.norm()).isCloseTo(whole.norm(), within(1e-4 * whole.norm()));
    assertThat(parts.headLosses()).containsExactly(whole.headLosses(), within(1e-5));
  }
}
