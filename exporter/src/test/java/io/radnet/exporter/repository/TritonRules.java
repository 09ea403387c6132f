package io.radnet.exporter.repository;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.proto.inference.DataType;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.proto.inference.ModelOptimizationPolicy.ExecutionAccelerators.Accelerator;
import io.radnet.proto.inference.ModelWarmup;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules that Triton itself checks when it loads a model: those of its core ({@code
 * ValidateModelConfig}, {@code ValidateIOShape}, warm-up) and of its ONNX Runtime backend, which
 * compares the configuration with the model and refuses any parameter that it does not know.
 */
public final class TritonRules {
  private static final Set<String> SWITCHES =
      Set.of("trt_engine_cache_enable", "trt_timing_cache_enable");
  private static final Set<String> PATHS = Set.of("trt_engine_cache_path", "trt_timing_cache_path");
  private static final Map<Integer, DataType> TYPES =
      Map.of(
          TensorProto.DataType.FLOAT.getNumber(), DataType.TYPE_FP32,
          TensorProto.DataType.FLOAT16.getNumber(), DataType.TYPE_FP16,
          TensorProto.DataType.INT16.getNumber(), DataType.TYPE_INT16,
          TensorProto.DataType.UINT8.getNumber(), DataType.TYPE_UINT8,
          TensorProto.DataType.INT64.getNumber(), DataType.TYPE_INT64);

  private final ModelConfig config;
  private final GraphProto graph;

  private TritonRules(ModelConfig config, GraphProto graph) {
    this.config = config;
    this.graph = graph;
  }

  /** Checks a model's folder with one version in it. */
  public static void check(Path model, int version) throws IOException {
    ModelConfig config =
        TextFormat.parse(Files.readString(model.resolve("config.pbtxt")), ModelConfig.class);
    // Triton opens VERSION/model.onnx where no default_model_filename is given.
    assertThat(config.getDefaultModelFilename()).isEmpty();
    Path file = model.resolve(Integer.toString(version)).resolve("model.onnx");
    assertThat(config.getName()).isEqualTo(model.getFileName().toString());
    new TritonRules(config, OnnxFile.read(file).getGraph()).check();
  }

  private void check() {
    assertThat(config.getPlatform()).isEqualTo("onnxruntime_onnx");
    assertThat(config.getMaxBatchSize()).isPositive();
    assertThat(config.getVersionPolicy().getLatest().getNumVersions()).isPositive();
    assertThat(config.getDynamicBatching().getPreferredBatchSizeList())
        .allMatch(size -> size > 0 && size <= config.getMaxBatchSize());
    assertThat(config.getInstanceGroupList()).allMatch(group -> group.getCount() > 0);
    config
        .getInputList()
        .forEach(i -> value(i.getName(), i.getDataType(), i.getDimsList(), graph.getInputList()));
    config
        .getOutputList()
        .forEach(o -> value(o.getName(), o.getDataType(), o.getDimsList(), graph.getOutputList()));
    assertThat(config.getInputCount()).isEqualTo(graph.getInputCount());
    warmUps();
    accelerators();
  }

  /** One input or output beside the model's: the batch is left out, free axes are -1. */
  private static void value(
      String name, DataType type, List<Long> dims, List<ValueInfoProto> values) {
    ValueInfoProto value =
        values.stream().filter(v -> v.getName().equals(name)).findFirst().orElse(null);
    assertThat(value).as("the model has %s", name).isNotNull();
    List<Dimension> shape = requireNonNull(value).getType().getTensorType().getShape().getDimList();
    assertThat(shape.get(0).hasDimParam()).as("%s has a free batch", name).isTrue();
    assertThat(dims).as(name).isNotEmpty().allMatch(size -> size == -1 || size > 0);
    assertThat(dims)
        .as(name)
        .isEqualTo(
            shape.stream().skip(1).map(d -> d.hasDimValue() ? d.getDimValue() : -1L).toList());
    assertThat(TYPES.get(value.getType().getTensorType().getElemType())).as(name).isEqualTo(type);
  }

  /** Every input, with its type, concrete sizes and one source of data. */
  private void warmUps() {
    assertThat(config.getModelWarmupList()).isNotEmpty();
    for (ModelWarmup warmUp : config.getModelWarmupList()) {
      assertThat(warmUp.getName()).isNotEmpty();
      assertThat(warmUp.getBatchSize()).isBetween(1, config.getMaxBatchSize());
      assertThat(warmUp.getInputsMap().keySet())
          .containsExactlyInAnyOrderElementsOf(
              config.getInputList().stream().map(input -> input.getName()).toList());
      config
          .getInputList()
          .forEach(
              input -> {
                ModelWarmup.Input given = warmUp.getInputsOrThrow(input.getName());
                assertThat(given.getDataType()).isEqualTo(input.getDataType());
                assertThat(given.getInputDataTypeCase())
                    .isNotEqualTo(ModelWarmup.Input.InputDataTypeCase.INPUTDATATYPE_NOT_SET);
                assertThat(given.getDimsList()).hasSameSizeAs(input.getDimsList());
                for (int axis = 0; axis < given.getDimsCount(); axis++) {
                  assertThat(given.getDims(axis)).isPositive();
                  assertThat(input.getDims(axis)).isIn(-1L, given.getDims(axis));
                }
              });
    }
  }

  private void accelerators() {
    assertThat(config.getOptimization().getExecutionAccelerators().getCpuExecutionAcceleratorList())
        .isEmpty();
    List<Accelerator> accelerators =
        config.getOptimization().getExecutionAccelerators().getGpuExecutionAcceleratorList();
    assertThat(accelerators).extracting(Accelerator::getName).containsExactly("tensorrt", "cuda");
    Map<String, String> tensorRt = new HashMap<>(accelerators.get(0).getParametersMap());
    assertThat(tensorRt.remove("precision_mode")).isIn("FP32", "FP16", "BF16", "INT8");
    assertThat(Long.parseLong(requireNonNull(tensorRt.remove("max_workspace_size_bytes"))))
        .isPositive();
    SWITCHES.forEach(name -> assertThat(tensorRt.remove(name)).isIn("0", "1", "true", "false"));
    PATHS.forEach(name -> assertThat(tensorRt.remove(name)).startsWith("/"));
    Map<String, List<Long>> smallest = profile(tensorRt.remove("trt_profile_min_shapes"));
    Map<String, List<Long>> usual = profile(tensorRt.remove("trt_profile_opt_shapes"));
    Map<String, List<Long>> largest = profile(tensorRt.remove("trt_profile_max_shapes"));
    assertThat(tensorRt).as("parameters that the backend does not know").isEmpty();
    assertThat(smallest.keySet()).isEqualTo(usual.keySet()).isEqualTo(largest.keySet());
    assertThat(smallest).hasSize(graph.getInputCount());
    smallest.forEach(
        (name, from) -> {
          List<Long> opt = requireNonNull(usual.get(name));
          List<Long> to = requireNonNull(largest.get(name));
          assertThat(to.get(0)).isEqualTo(config.getMaxBatchSize());
          for (int axis = 0; axis < from.size(); axis++) {
            assertThat(from.get(axis)).isPositive().isLessThanOrEqualTo(opt.get(axis));
            assertThat(opt.get(axis)).isLessThanOrEqualTo(to.get(axis));
          }
        });
    assertThat(accelerators.get(1).getParametersMap().keySet())
        .isSubsetOf("cudnn_conv_use_max_workspace");
  }

  /** ONNX Runtime's form: name:1x2x3,other:4x5. */
  private static Map<String, List<Long>> profile(@org.jspecify.annotations.Nullable String text) {
    Map<String, List<Long>> shapes = new HashMap<>();
    for (String entry : requireNonNull(text).split(",", -1)) {
      List<String> parts = new ArrayList<>(List.of(entry.split(":", -1)));
      assertThat(parts).hasSize(2);
      shapes.put(
          parts.get(0), Arrays.stream(parts.get(1).split("x", -1)).map(Long::valueOf).toList());
    }
    return shapes;
  }
}
