package io.radnet.exporter.inspect;

import io.radnet.exporter.graph.Attributes;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What TensorRT 10 takes of each operator: from the table of its parser (onnx-tensorrt, {@code
 * docs/operators.md}, as of 10.15), as far as volumes and their networks need it.
 */
final class TensorRtOperators {
  /** No array of TensorRT's has more axes. */
  private static final int MOST_AXES = 8;

  private static final Set<DataType> REAL =
      EnumSet.of(DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16);
  private static final Set<DataType> NUMBERS = with(REAL, DataType.INT32, DataType.INT64);
  private static final Set<DataType> ANY = with(NUMBERS, DataType.BOOL);
  private static final Set<String> RESIZE_COORDINATES =
      Set.of(
          "half_pixel",
          "pytorch_half_pixel",
          "tf_half_pixel_for_nn",
          "asymmetric",
          "align_corners");
  private static final Set<String> RESIZE_ROUNDING =
      Set.of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil");
  private static final Map<String, Set<DataType>> TYPES = types();

  private final Map<String, ArrayType> types;
  private final Map<String, TensorProto> constants;
  private final Set<String> outputs;

  /**
   * @param types of all values
   * @param constants of the graph
   * @param outputs names of what the graph answers
   */
  TensorRtOperators(
      Map<String, ArrayType> types, Map<String, TensorProto> constants, Set<String> outputs) {
    this.types = types;
    this.constants = constants;
    this.outputs = outputs;
  }

  private static Set<DataType> with(Set<DataType> types, DataType... more) {
    Set<DataType> all = EnumSet.copyOf(types);
    all.addAll(List.of(more));
    return all;
  }

  private static Map<String, Set<DataType>> types() {
    Map<String, Set<DataType>> table = new HashMap<>();
    String real =
        "AveragePool BatchNormalization Clip Conv ConvTranspose Elu Erf Exp Gemm GlobalAveragePool"
            + " GlobalMaxPool InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax"
            + " MatMul MaxPool PRelu QuantizeLinear Resize Selu Sigmoid Softmax Softplus Softsign"
            + " Sqrt Tanh";
    String numbers = "Abs Add ArgMax Div Max Min Mul Neg Pow ReduceMean ReduceSum Relu Sub";
    String any = "Concat Flatten Identity Reshape Slice Squeeze Transpose Unsqueeze";
    List.of(real.split(" ")).forEach(name -> table.put(name, REAL));
    List.of(numbers.split(" ")).forEach(name -> table.put(name, NUMBERS));
    List.of(any.split(" ")).forEach(name -> table.put(name, ANY));
    table.put("Cast", with(ANY, DataType.UINT8));
    table.put("DequantizeLinear", EnumSet.of(DataType.INT8));
    table.put("GridSample", EnumSet.of(DataType.FLOAT, DataType.FLOAT16));
    return table;
  }

  /** Why a node does not run on TensorRT; empty where it does. */
  Optional<String> reason(NodeProto node) {
    Set<DataType> taken = TYPES.get(node.getOpType());
    if (taken == null) {
      return Optional.of("the operator is not in TensorRT's table");
    }
    ArrayType input = types.get(node.getInput(0));
    ArrayType output = types.get(node.getOutput(0));
    if (input != null && !taken.contains(input.type())) {
      return Optional.of("reads element type " + input.type());
    }
    if (output != null && output.shape().length > MOST_AXES) {
      return Optional.of(output.shape().length + " axes, more than " + MOST_AXES);
    }
    return switch (node.getOpType()) {
      case "Cast" -> cast(node, input, output);
      case "MaxPool", "AveragePool" -> pooling(node, input);
      case "Resize" -> resize(node);
      case "GridSample" ->
          refusal(input == null || input.shape().length != 4, "GridSample of other than 4 axes");
      case "QuantizeLinear", "DequantizeLinear" -> zeroPoint(node);
      case "ReduceMean", "ReduceSum", "Squeeze", "Unsqueeze" ->
          refusal(
              node.getInputCount() > 1 && !constants.containsKey(node.getInput(1)),
              "axes that are computed");
      default -> Optional.empty();
    };
  }

  private static Optional<String> refusal(boolean refused, String reason) {
    return refused ? Optional.of(reason) : Optional.empty();
  }

  /** Bytes without sign may only enter or leave the engine. */
  private Optional<String> cast(
      NodeProto node, @Nullable ArrayType input, @Nullable ArrayType output) {
    if (output == null) {
      return Optional.empty();
    }
    boolean leaves =
        outputs.contains(node.getOutput(0)) && input != null && REAL.contains(input.type());
    return refusal(
        output.type() == DataType.UINT8 ? !leaves : !ANY.contains(output.type()),
        "element type " + output.type());
  }

  private static Optional<String> pooling(NodeProto node, @Nullable ArrayType input) {
    for (long dilation : Attributes.integers(node, "dilations", new long[] {1})) {
      if (dilation != 1) {
        return Optional.of("a pooling dilation other than 1");
      }
    }
    return refusal(
        input != null && input.shape().length != 4 && input.shape().length != 5,
        "a pooling of other than 2 or 3 dimensions");
  }

  private static Optional<String> resize(NodeProto node) {
    List<String> reasons = new ArrayList<>();
    String mode = word(node, "mode", "nearest");
    if (!Set.of("nearest", "linear").contains(mode)) {
      reasons.add("resize mode " + mode);
    }
    String coordinates = word(node, "coordinate_transformation_mode", "half_pixel");
    if (!RESIZE_COORDINATES.contains(coordinates)) {
      reasons.add("coordinates " + coordinates);
    }
    String rounding = word(node, "nearest_mode", "round_prefer_floor");
    if (mode.equals("nearest") && !RESIZE_ROUNDING.contains(rounding)) {
      reasons.add("rounding " + rounding);
    }
    if (Attributes.integer(node, "antialias", 0) != 0) {
      reasons.add("antialias");
    }
    if (!word(node, "keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      reasons.add("a kept aspect ratio");
    }
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(reasons.stream().collect(Collectors.joining(", ")));
  }

  private static String word(NodeProto node, String attribute, String otherwise) {
    return Attributes.of(node, attribute).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  private Optional<String> zeroPoint(NodeProto node) {
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
