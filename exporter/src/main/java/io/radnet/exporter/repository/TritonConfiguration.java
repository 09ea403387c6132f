package io.radnet.exporter.repository;

import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.ValueInfoProto;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The text of a {@code config.pbtxt} that Triton and radnet's server read. The batch is the first
 * axis of every input and output and is left out of {@code dims}, as {@code max_batch_size} asks.
 */
public final class TritonConfiguration {
  private static final long WORKSPACE_BYTES = 4L << 30;

  private TritonConfiguration() {}

  /**
   * @param name of the model
   * @param inputs with the batch as first axis
   * @param outputs with the batch as first axis
   * @param grid depth, height, width that a warm-up runs with
   * @param halfPrecision whether TensorRT may compute in half precision
   * @param largestBatch that the server may form
   */
  public static String text(
      String name,
      List<ValueInfoProto> inputs,
      List<ValueInfoProto> outputs,
      List<Integer> grid,
      boolean halfPrecision,
      int largestBatch) {
    ValueInfoProto input = inputs.get(0);
    String warmUpDims =
        "1, " + grid.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return """
        # Written by radnet export. Triton serves this folder as it is.
        name: "%s"
        platform: "onnxruntime_onnx"
        max_batch_size: %d
        %s
        %s
        version_policy { latest { num_versions: 1 } }

        # Requests that arrive together share one run. A window of a 3D scan takes long to compute, so
        # waiting a few milliseconds for a neighbour costs little.
        dynamic_batching {
          preferred_batch_size: [ %d ]
          max_queue_delay_microseconds: 5000
        }

        # KIND_AUTO: on a GPU where the server has one, else on the CPU.
        instance_group [ { count: 1 kind: KIND_AUTO } ]

        # Only instances on a GPU read gpu_execution_accelerator. Tried in this order; what TensorRT
        # does not take runs on CUDA, and the rest on the CPU.
        optimization {
          execution_accelerators {
            gpu_execution_accelerator : [
              {
                name : "tensorrt"
                parameters { key: "precision_mode" value: "%s" }
                parameters { key: "max_workspace_size_bytes" value: "%d" }
                parameters { key: "trt_engine_cache_enable" value: "1" }
                parameters { key: "trt_engine_cache_path" value: "/tmp/radnet-tensorrt" }
                parameters { key: "trt_timing_cache_enable" value: "1" }
                parameters { key: "trt_timing_cache_path" value: "/tmp/radnet-tensorrt" }
                parameters { key: "trt_profile_min_shapes" value: "%s" }
                parameters { key: "trt_profile_opt_shapes" value: "%s" }
                parameters { key: "trt_profile_max_shapes" value: "%s" }
              },
              {
                name : "cuda"
                parameters { key: "cudnn_conv_use_max_workspace" value: "1" }
              }
            ]
          }
        }

        # The first run allocates memory and, on a GPU, builds engines: do that before requests come.
        model_warmup [
          {
            name: "one"
            batch_size: 1
            inputs { key: "%s" value { data_type: %s dims: [ %s ] zero_data: true } }
          }
        ]
        """
        .formatted(
            name,
            largestBatch,
            tensors("input", inputs),
            tensors("output", outputs),
            largestBatch,
            halfPrecision ? "FP16" : "FP32",
            WORKSPACE_BYTES,
            profile(input.getName(), 1, grid),
            profile(input.getName(), 1, grid),
            profile(input.getName(), largestBatch, grid),
            input.getName(),
            type(input),
            warmUpDims);
  }

  /** An input's shape as TensorRT's profiles are written. */
  public static String profile(String input, int batch, List<Integer> grid) {
    return "%s:%dx1x%dx%dx%d".formatted(input, batch, grid.get(0), grid.get(1), grid.get(2));
  }

  private static String tensors(String field, List<ValueInfoProto> values) {
    return values.stream()
        .map(
            value ->
                "%s [ { name: \"%s\" data_type: %s dims: [ %s ] } ]"
                    .formatted(field, value.getName(), type(value), dims(value)))
        .collect(Collectors.joining("\n"));
  }

  private static String type(ValueInfoProto value) {
    DataType type = DataType.forNumber(value.getType().getTensorType().getElemType());
    return switch (type) {
      case FLOAT -> "TYPE_FP32";
      case FLOAT16 -> "TYPE_FP16";
      case INT64, INT32, INT16, INT8, UINT8 -> "TYPE_" + type.name().toUpperCase(Locale.ROOT);
      default -> throw new IllegalArgumentException(value.getName() + ": " + type);
    };
  }

  private static String dims(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .skip(1)
        .map(TritonConfiguration::size)
        .collect(Collectors.joining(", "));
  }

  private static String size(Dimension dimension) {
    return dimension.hasDimValue() ? Long.toString(dimension.getDimValue()) : "-1";
  }

  /** The lines that clients depend on: batch, inputs and outputs. */
  static List<String> contract(String text) {
    return text.lines()
        .map(String::strip)
        .filter(
            line ->
                line.startsWith("input [")
                    || line.startsWith("output [")
                    || line.startsWith("max_batch_size"))
        .toList();
  }
}
