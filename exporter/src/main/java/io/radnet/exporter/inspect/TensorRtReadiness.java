package io.radnet.exporter.inspect;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.radnet.exporter.graph.Attributes;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What TensorRT 10 takes of a graph, from its published operator table; nothing is run. What it
 * does not take falls back to ONNX Runtime's CUDA or CPU provider, and each change of provider
 * copies.
 *
 * @param tensorrt the version that the table is of
 * @param ready whether every node is taken
 * @param opset of the model
 * @param opsetTaken whether TensorRT reads that version
 * @param operators each kind of node with the element types of its outputs
 * @param fallbacks nodes that would not run on TensorRT, and why
 * @param profile shapes of the optimisation profile, by min, opt and max
 * @param advice what to mind on top
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TensorRtReadiness(
    String tensorrt,
    boolean ready,
    int opset,
    boolean opsetTaken,
    List<Operator> operators,
    List<Fallback> fallbacks,
    Map<String, String> profile,
    List<String> advice) {
  /**
   * One kind of node.
   *
   * @param name of the operator
   * @param nodes how many
   * @param types of the outputs' elements
   * @param ranks of the outputs
   */
  public record Operator(String name, int nodes, Set<String> types, Set<Integer> ranks) {}

  /**
   * One node that falls back.
   *
   * @param node its name
   * @param operator its kind
   * @param reason why
   */
  public record Fallback(String node, String operator, String reason) {}

  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 20;

  private static final Set<String> TAKEN =
      Set.of(
          "Add",
          "ArgMax",
          "AveragePool",
          "BatchNormalization",
          "Cast",
          "Clip",
          "Concat",
          "Conv",
          "ConvTranspose",
          "DequantizeLinear",
          "Div",
          "Exp",
          "Flatten",
          "Gemm",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "GridSample",
          "Identity",
          "InstanceNormalization",
          "LeakyRelu",
          "Max",
          "MaxPool",
          "Min",
          "Mul",
          "QuantizeLinear",
          "Relu",
          "Reshape",
          "Resize",
          "Sigmoid",
          "Slice",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sub",
          "Tanh",
          "Transpose");

  private static final Set<DataType> TAKEN_TYPES =
      Set.of(
          DataType.FLOAT,
          DataType.FLOAT16,
          DataType.BFLOAT16,
          DataType.INT8,
          DataType.INT32,
          DataType.INT64,
          DataType.BOOL);

  /**
   * Looks at a graph.
   *
   * @param sizes of named axes, such as depth
   * @param profile shapes by min, opt and max
   */
  public static TensorRtReadiness of(
      GraphProto graph, int opset, Map<String, Long> sizes, Map<String, String> profile) {
    Map<String, ArrayType> types = ShapeInference.infer(graph, sizes);
    Map<String, TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    Map<String, Operator> operators = new TreeMap<>();
    List<Fallback> fallbacks = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      ArrayType output = types.get(node.getOutput(0));
      Set<String> seen = output == null ? Set.of("unknown") : Set.of(output.type().name());
      Set<Integer> ranks = output == null ? Set.of() : Set.of(output.shape().length);
      operators.merge(
          node.getOpType(),
          new Operator(node.getOpType(), 1, seen, ranks),
          TensorRtReadiness::joined);
      reason(node, output, types, constants)
          .ifPresent(
              reason -> fallbacks.add(new Fallback(node.getName(), node.getOpType(), reason)));
    }
    boolean opsetTaken = opset >= OLDEST_OPSET && opset <= NEWEST_OPSET;
    return new TensorRtReadiness(
        "10",
        opsetTaken && fallbacks.isEmpty(),
        opset,
        opsetTaken,
        List.copyOf(operators.values()),
        fallbacks,
        profile,
        List.of(
            "A shape outside the profile makes TensorRT build its engine again, which takes tens of"
                + " seconds: keep depth, height and width fixed and warm up before serving.",
            "Keep the engine cache and the timing cache on, and on a local disk.",
            "Whether 8-bit 3D convolutions are faster than half precision depends on the GPU:"
                + " measure."));
  }

  private static Operator joined(Operator one, Operator other) {
    Set<String> types = new java.util.TreeSet<>(one.types());
    types.addAll(other.types());
    Set<Integer> ranks = new java.util.TreeSet<>(one.ranks());
    ranks.addAll(other.ranks());
    return new Operator(one.name(), one.nodes() + other.nodes(), types, ranks);
  }

  private static Optional<String> reason(
      NodeProto node,
      @org.jspecify.annotations.Nullable ArrayType output,
      Map<String, ArrayType> types,
      Map<String, TensorProto> constants) {
    if (!TAKEN.contains(node.getOpType())) {
      return Optional.of("the operator is not in TensorRT's table");
    }
    ArrayType input = types.get(node.getInput(0));
    if (input != null && !TAKEN_TYPES.contains(input.type())) {
      return Optional.of("reads element type " + input.type());
    }
    // Bytes without sign may only leave the engine, cast from floating-point values.
    boolean leaving =
        output != null
            && output.type() == DataType.UINT8
            && node.getOpType().equals("Cast")
            && input != null
            && (input.type() == DataType.FLOAT || input.type() == DataType.FLOAT16);
    if (output != null && !TAKEN_TYPES.contains(output.type()) && !leaving) {
      return Optional.of("element type " + output.type());
    }
    return switch (node.getOpType()) {
      case "MaxPool" -> {
        for (long dilation : Attributes.integers(node, "dilations", new long[] {1})) {
          if (dilation != 1) {
            yield Optional.of("a pooling dilation other than 1");
          }
        }
        yield Optional.empty();
      }
      case "Resize" -> {
        String mode =
            Attributes.of(node, "mode").map(a -> a.getS().toStringUtf8()).orElse("nearest");
        if (!mode.equals("nearest") && !mode.equals("linear")) {
          yield Optional.of("resize mode " + mode);
        }
        yield Attributes.integer(node, "antialias", 0) == 0
            ? Optional.empty()
            : Optional.of("antialias");
      }
      case "GridSample" -> {
        yield input != null && input.shape().length == 4
            ? Optional.empty()
            : Optional.of("GridSample of other than 4 axes");
      }
      case "QuantizeLinear", "DequantizeLinear" -> zeroPoint(node, constants);
      default -> Optional.empty();
    };
  }

  private static Optional<String> zeroPoint(NodeProto node, Map<String, TensorProto> constants) {
    TensorProto zero = node.getInputCount() > 2 ? constants.get(node.getInput(2)) : null;
    if (zero == null) {
      return Optional.of("no constant zero point");
    }
    for (byte value : zero.getRawData().toByteArray()) {
      if (value != 0) {
        return Optional.of("a zero point other than 0");
      }
    }
    return Optional.empty();
  }
}
