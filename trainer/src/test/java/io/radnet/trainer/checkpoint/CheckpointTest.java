package io.radnet.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
  @Test
  void readsBackWhatItWrote(@TempDir Path folder) throws IOException {
    Checkpoint written = Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 7);
    written.write(folder);
    Checkpoint read = Checkpoint.read(folder);
    assertThat(read.architecture()).isEqualTo(written.architecture());
    assertThat(read.recipe()).isEqualTo(written.recipe());
    assertThat(read.weights()).isEqualTo(written.weights());
    assertThat(read.weightsSha256()).isEqualTo(written.weightsSha256());
    assertThat(read.weights())
        .containsKeys(
            "encoder.stem.weight",
            "encoder.stage1.unit1.norm1.running_mean",
            "embedding.weight",
            "heads.view.bias");
  }

  @Test
  void loadedNetworksPredictTheSame(@TempDir Path folder) throws IOException {
    Checkpoint written = Checkpoint.initial(Preset.TINY, Recipe.Task.SEGMENTATION, 3);
    written.write(folder);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray input = manager.arange(16 * 48 * 48).div(16 * 48 * 48).reshape(1, 1, 16, 48, 48);
      NDArray first = written.load(manager).predict(input).singletonOrThrow();
      NDArray second = Checkpoint.read(folder).load(manager).predict(input).singletonOrThrow();
      assertThat(first.getShape()).isEqualTo(new Shape(1, 2, 16, 48, 48));
      assertThat(second.toFloatArray()).isEqualTo(first.toFloatArray());
    }
  }

  @Test
  void sameSeedSameWeights() {
    assertThat(Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1).weightsSha256())
        .isEqualTo(Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1).weightsSha256())
        .isNotEqualTo(Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 2).weightsSha256());
  }

  @Test
  void refusesAlteredWeights(@TempDir Path folder) throws IOException {
    Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1).write(folder);
    Path file = folder.resolve(Checkpoint.WEIGHTS_FILE);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> Checkpoint.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("SHA-256");
  }

  @Test
  void refusesADecoderOfAnotherVersion(@TempDir Path folder) throws IOException {
    Checkpoint.initial(Preset.TINY, Recipe.Task.SEGMENTATION, 1).write(folder);
    assertThat(Checkpoint.read(folder).recipe().task()).isEqualTo(Recipe.Task.SEGMENTATION);
    Path file = folder.resolve(Checkpoint.DESCRIPTION_FILE);
    Files.writeString(file, Files.readString(file).replaceFirst("\"decoder\" : 2,", ""));
    assertThatThrownBy(() -> Checkpoint.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("decoder: 1 (expected: 2)")
        .hasMessageContaining("fine-tune again");
  }

  @Test
  void refusesAFolderWithoutCheckpoint(@TempDir Path folder) {
    assertThatThrownBy(() -> Checkpoint.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no checkpoint");
  }

  @Test
  void refusesWeightsOfAnotherArchitecture() {
    Checkpoint tiny = Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1);
    Checkpoint odd =
        Checkpoint.of(
            Preset.SMALL.architecture(), Preset.SMALL.labelRecipe(), 1, Map.of(), tiny.weights());
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      assertThatThrownBy(() -> odd.load(manager))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("another architecture");
    }
  }

  @Test
  void aRunStandsForItsBestCheckpoint(@TempDir Path folder) throws IOException {
    Checkpoint best = Checkpoint.initial(Preset.TINY, Recipe.Task.LABELS, 1);
    best.write(folder.resolve(RunFolder.checkpointName(2)));
    RunFolder.write(
        folder, new RunFolder.Pointer(RunFolder.checkpointName(2), RunFolder.checkpointName(5)));
    assertThat(Checkpoint.read(folder).weightsSha256()).isEqualTo(best.weightsSha256());
  }

  @Test
  void keepsTheClassNames() {
    assertThat(
            Checkpoint.initial(
                    Preset.TINY, Recipe.Task.SEGMENTATION, List.of("background", "a", "b"), 1)
                .recipe()
                .labels())
        .containsExactly("background", "a", "b");
  }
}
