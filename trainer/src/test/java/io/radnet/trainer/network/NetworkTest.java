package io.radnet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.imaging.transform.Recipe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NetworkTest {
  private static Shape input(Preset preset) {
    return new Shape(2, 1, preset.grid().get(0), preset.grid().get(1), preset.grid().get(2));
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void labelNetworkAnswersEmbeddingAndHeads(Preset preset) {
    Block network = Networks.build(preset.architecture(), preset.labelRecipe());
    Shape[] outputs = network.getOutputShapes(new Shape[] {input(preset)});
    assertThat(outputs)
        .containsExactly(
            new Shape(2, preset.architecture().embedding()),
            new Shape(2, 3),
            new Shape(2, 10),
            new Shape(2, 3),
            new Shape(2, 2),
            new Shape(2, 11),
            new Shape(2, 1));
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void segmentationNetworkAnswersOnTheInputGrid(Preset preset) {
    Recipe recipe = preset.segmentationRecipe(List.of("background", "liver", "spleen"));
    Block network = Networks.build(preset.architecture(), recipe);
    Shape in = input(preset);
    assertThat(network.getOutputShapes(new Shape[] {in}))
        .containsExactly(new Shape(2, 3, in.get(2), in.get(3), in.get(4)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Preset.class,
      names = {"TINY", "SMALL"})
  void theForwardPassHasTheAnnouncedShapes(Preset preset) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (Recipe recipe :
          List.of(
              preset.labelRecipe(), preset.segmentationRecipe(List.of("background", "liver")))) {
        Block network = Networks.build(preset.architecture(), recipe);
        Weights.initialize(network, manager, recipe.grid(), Weights.random(1));
        NDArray volume = manager.ones(input(preset)).mul(0.5f);
        NDList outputs =
            network.forward(new ParameterStore(manager, false), new NDList(volume), false);
        assertThat(outputs.getShapes())
            .containsExactly(network.getOutputShapes(new Shape[] {input(preset)}));
        for (NDArray output : outputs) {
          for (float value : output.toFloatArray()) {
            assertThat(Float.isFinite(value)).isTrue();
          }
        }
      }
    }
  }

  @Test
  void paperHasThePublishedSizes() {
    Encoder encoder = new Encoder(Preset.PAPER.architecture());
    assertThat(encoder.stages().stream().map(List::size)).containsExactly(3, 4, 6, 3);
    assertThat(encoder.stem().getKernelShape()).isEqualTo(new Shape(3, 7, 7));
    assertThat(encoder.getOutputShapes(new Shape[] {new Shape(1, 1, 48, 192, 192)}))
        .containsExactly(
            new Shape(1, 64, 48, 96, 96),
            new Shape(1, 256, 24, 48, 48),
            new Shape(1, 512, 12, 24, 24),
            new Shape(1, 1024, 6, 12, 12),
            new Shape(1, 2048, 3, 6, 6));
  }

  @Test
  void backboneAndSegmentationShareTheEncodersPaths() {
    Block labels = Networks.build(Preset.TINY.architecture(), Preset.TINY.labelRecipe());
    Block segmentation =
        Networks.build(
            Preset.TINY.architecture(),
            Preset.TINY.segmentationRecipe(List.of("background", "liver")));
    List<String> shared =
        Weights.byPath(labels).keySet().stream().filter(p -> p.startsWith("encoder.")).toList();
    assertThat(shared).isNotEmpty().doesNotHaveDuplicates();
    assertThat(Weights.byPath(segmentation).keySet()).containsAll(shared);
  }

  @Test
  void refusesAGridThatDoesNotDivide() {
    assertThatThrownBy(() -> Preset.TINY.architecture().checkGrid(List.of(12, 48, 48)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiple of 8");
  }

  @Test
  void batchNormUsesRunningStatisticsOutsideTraining() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      BatchNorm norm = new BatchNorm();
      Weights.initialize(norm, manager, List.of(1, 1, 2), Weights.random(1));
      NDArray input = manager.create(new float[] {1, 3}, new Shape(1, 1, 1, 1, 2));
      ParameterStore store = new ParameterStore(manager, false);
      float[] still = norm.forward(store, new NDList(input), false).get(0).toFloatArray();
      assertThat(still[1]).isCloseTo(3f, org.assertj.core.data.Offset.offset(1e-3f));
      float[] moving = norm.forward(store, new NDList(input), true).get(0).toFloatArray();
      assertThat(moving[1]).isCloseTo(1f, org.assertj.core.data.Offset.offset(1e-3f));
      assertThat(norm.runningMean().getArray().getFloat(0))
          .isCloseTo(0.2f, org.assertj.core.data.Offset.offset(1e-3f));
    }
  }
}
