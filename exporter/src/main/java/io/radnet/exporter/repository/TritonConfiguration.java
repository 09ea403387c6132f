package io.radnet.exporter.repository;

import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.ValueInfoProto;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The text of a {@code config.pbtxt} that Triton and radnet's server read. The batch is the first
 * axis of every input and output and is left out of {@code dims}, as {@code max_batch_size} asks.
 */
public final class TritonConfiguration {
  /** The first value of a graph that takes 16-bit integers, after it has cast them. */
  public static final String CAST_INPUT = "preprocess/float";

  private static final long WORKSPACE_BYTES = 4L << 30;

  private TritonConfiguration() {}

  /**
   * @param name of the model
   * @param inputs with the batch as first axis
   * @param outputs with the batch as first axis
   * @param range the sizes that it is served with
   * @param precision that TensorRT may compute in: FP32, FP16 or INT8
   * @param largestBatch that the server may form
   */
  public static String text(
      String name,
      List<ValueInfoProto> inputs,
      List<ValueInfoProto> outputs,
      ShapeRange range,
      String precision,
      int largestBatch) {
    return """
        # Written by radnet export. Triton serves this folder as it is.
        name: "%s"
        platform: "onnxruntime_onnx"
        max_batch_size: %d
        %s
        %s
        version_policy { latest { num_versions: 1 } }

        # Requests that wait while a GPU is busy share its next run. An idle session does not wait for a
        # neighbour: that would add its delay to every lone request. On a CPU, where batches are slower,
        # radnet merges only what a max_queue_delay_microseconds above 0 lets wait.
        dynamic_batching {
          preferred_batch_size: [ %d ]
          max_queue_delay_microseconds: 0
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
            %s
          }
        ]
        """
        .formatted(
            name,
            largestBatch,
            tensors("input", inputs),
            tensors("output", outputs),
            largestBatch,
            precision,
            WORKSPACE_BYTES,
            profile(inputs, 1, range.smallest()),
            profile(inputs, 1, range.usual()),
            profile(inputs, largestBatch, range.largest()),
            inputs.stream()
                .map(input -> warmUp(input, range.usual()))
                .collect(Collectors.joining("\n" + " ".repeat(4))));
  }

  private static String warmUp(ValueInfoProto input, List<Integer> grid) {
    return "inputs { key: \"%s\" value { data_type: %s dims: [ %s ] zero_data: true } }"
        .formatted(input.getName(), type(input), String.join(", ", concrete(input, grid).toList()));
  }

  /**
   * The inputs' shapes as TensorRT's profiles are written. It does not take 16-bit integers, so it
   * first sees what they are cast to, by the name that the value has in the graph.
   */
  public static String profile(List<ValueInfoProto> inputs, int batch, List<Integer> grid) {
    return inputs.stream()
        .map(
            input ->
                (type(input).equals("TYPE_INT16") ? CAST_INPUT : input.getName())
                    + ":"
                    + Stream.concat(Stream.of(Integer.toString(batch)), concrete(input, grid))
                        .collect(Collectors.joining("x")))
        .collect(Collectors.joining(","));
  }

  /** The sizes after the batch, free ones as the grid has them. */
  private static Stream<String> concrete(ValueInfoProto input, List<Integer> grid) {
    List<Dimension> dims = input.getType().getTensorType().getShape().getDimList();
    int space = dims.size() - grid.size();
    return IntStream.range(1, dims.size())
        .mapToObj(
            axis ->
                dims.get(axis).hasDimValue()
                    ? size(dims.get(axis))
                    : Integer.toString(grid.get(axis - space)));
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

  /**
   * The lines that all versions of a model share: batch, inputs and outputs, on which clients
   * depend, and what a session is built with.
   */
  static List<String> contract(String text) {
    return text.lines()
        .map(String::strip)
        .filter(
            line ->
                line.startsWith("input [")
                    || line.startsWith("output [")
                    || line.startsWith("max_batch_size")
                    || line.contains("\"precision_mode\"")
                    || line.contains("\"trt_profile_"))
        .toList();
  }
}
