package io.radnet.exporter.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.radnet.exporter.graph.Attributes;
import io.radnet.proto.onnx.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one node costs for one input of batch 1.
 *
 * @param name of the node
 * @param operator its type
 * @param value the name of what it makes
 * @param output sizes of its output, such as {@code 1x64x48x96x96}; absent where unknown
 * @param type of the output's elements; absent where unknown
 * @param parameters constants that it reads, counted for each layer that shares them
 * @param weightBytes of those
 * @param flops floating-point operations, a multiplication and an addition counting as two
 * @param outputBytes of its output; 0 where unknown
 * @param inputs the values that it reads and that are no constants
 * @param kernel of a convolution or pooling; absent elsewhere
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Layer(
    String name,
    String operator,
    String value,
    @Nullable String output,
    @Nullable String type,
    long parameters,
    long weightBytes,
    long flops,
    long outputBytes,
    List<String> inputs,
    @Nullable String kernel) {

  static Layer of(NodeProto node, Map<String, ArrayType> types, Map<String, ArrayType> constants) {
    List<ArrayType> weights =
        node.getInputList().stream().map(constants::get).filter(Objects::nonNull).toList();
    ArrayType output = types.get(node.getOutput(0));
    return new Layer(
        node.getName().isEmpty() ? node.getOutput(0) : node.getName(),
        node.getOpType(),
        node.getOutput(0),
        output == null ? null : output.toString(),
        output == null ? null : output.type().name(),
        weights.stream().mapToLong(ArrayType::elements).sum(),
        weights.stream().mapToLong(ArrayType::bytes).sum(),
        output == null ? 0 : flops(node, types, output),
        output == null ? 0 : output.bytes(),
        node.getInputList().stream()
            .filter(name -> !name.isEmpty() && !constants.containsKey(name))
            .toList(),
        kernel(node, types));
  }

  private static @Nullable String kernel(NodeProto node, Map<String, ArrayType> types) {
    long[] kernel = Attributes.integers(node, "kernel_shape", new long[0]);
    return kernel.length == 0 ? null : new ArrayType(typeOfFirst(node, types), kernel).toString();
  }

  private static io.radnet.proto.onnx.TensorProto.DataType typeOfFirst(
      NodeProto node, Map<String, ArrayType> types) {
    ArrayType first = types.get(node.getInput(0));
    return first == null ? io.radnet.proto.onnx.TensorProto.DataType.FLOAT : first.type();
  }

  private static long flops(NodeProto node, Map<String, ArrayType> types, ArrayType output) {
    ArrayType input = types.get(node.getInput(0));
    ArrayType weight = node.getInputCount() > 1 ? types.get(node.getInput(1)) : null;
    long outputs = output.elements();
    return switch (node.getOpType()) {
      case "Conv" -> {
        // Each output value takes one multiplication and addition per weight of its filter.
        long perOutput = weight == null ? 0 : weight.elements() / weight.size(0);
        yield 2 * outputs * perOutput + (node.getInputCount() > 2 ? outputs : 0);
      }
      case "Gemm" -> {
        long inner = weight == null ? 0 : weight.elements() / output.size(1);
        yield 2 * outputs * inner + (node.getInputCount() > 2 ? outputs : 0);
      }
      case "MaxPool", "AveragePool" -> {
        long window = 1;
        for (long side : Attributes.integers(node, "kernel_shape", new long[0])) {
          window *= side;
        }
        yield outputs * window;
      }
      case "GlobalAveragePool", "GlobalMaxPool" -> input == null ? 0 : input.elements();
      case "BatchNormalization" -> 2 * outputs;
      case "Concat", "Flatten", "Identity", "Resize", "Cast", "Reshape", "Transpose" -> 0;
      default -> outputs;
    };
  }
}
