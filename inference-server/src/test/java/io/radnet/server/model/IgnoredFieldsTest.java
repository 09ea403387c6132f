package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.server.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that ask for more than this server does. */
final class IgnoredFieldsTest {
  private static ModelFolder read(Path folder, String text) throws IOException {
    Files.writeString(folder.resolve("config.pbtxt"), text);
    return ModelFolder.read(folder);
  }

  @Test
  void namesEachFieldThatIsNotFollowed(@TempDir Path folder) throws IOException {
    ModelFolder model =
        read(
            folder,
            """
            platform: "onnxruntime_onnx"
            max_batch_size: 8
            dynamic_batching {
              preferred_batch_size: [ 4, 8 ]
              preserve_ordering: true
              priority_levels: 3
              default_priority_level: 2
              priority_queue_policy { key: 1 value { max_queue_size: 1 } }
              default_queue_policy {
                timeout_action: DELAY
                default_timeout_microseconds: 1000
                max_queue_size: 16
              }
            }
            instance_group [ { count: 2 kind: KIND_GPU gpus: [ 1 ] } ]
            parameters { key: "intra_op_thread_count" value { string_value: "2" } }
            model_warmup [ { name: "two" batch_size: 2 } ]
            response_cache { enable: true }
            sequence_batching { max_sequence_idle_microseconds: 5 }
            """);
    assertThat(model.config().getMaxBatchSize()).isEqualTo(8);
    assertThat(model.ignored())
        .containsExactly(
            "dynamic_batching.preferred_batch_size",
            "dynamic_batching.preserve_ordering",
            "instance_group.kind",
            "instance_group.gpus",
            "parameters",
            "model_warmup",
            "response_cache",
            "sequence_batching");
  }

  /** As the exporter writes them: a warning for each of our own models would hide the others. */
  @Test
  void isSilentWhereNothingIsLost(@TempDir Path folder) throws IOException {
    ModelFolder model =
        read(
            folder,
            """
            platform: "onnxruntime_onnx"
            max_batch_size: 4
            input [ { name: "volume" data_type: TYPE_FP32 dims: [ 1, 16, 16, 16 ] } ]
            version_policy { latest { num_versions: 1 } }
            dynamic_batching { preferred_batch_size: [ 4 ] max_queue_delay_microseconds: 0 }
            instance_group [ { count: 1 kind: KIND_AUTO } ]
            optimization {
              execution_accelerators { gpu_execution_accelerator : [ { name : "tensorrt" } ] }
            }
            model_warmup [
              {
                name: "one"
                batch_size: 1
                inputs {
                  key: "volume"
                  value { data_type: TYPE_FP32 dims: [ 1, 16, 16, 16 ] zero_data: true }
                }
              }
            ]
            """);
    assertThat(model.ignored()).isEmpty();
    assertThat(model.config().getModelWarmupCount()).isEqualTo(1);
  }

  @Test
  void aModelWithIgnoredFieldsLoads(@TempDir Path models) throws IOException {
    TestModels.threshold(models, "bright", 1);
    assertThat(ModelFolder.read(models.resolve("bright")).ignored())
        .containsExactly("some_later_field");
  }
}
