package io.radnet.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.trace.Operand.Made;
import io.radnet.proto.onnx.AttributeProto;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** DJL's array functions as ONNX operators that mean the same in every version from 17 to 20. */
final class Operators {
  private static final Map<String, String> UNARY =
      Map.ofEntries(
          Map.entry("relu", "Relu"),
          Map.entry("sigmoid", "Sigmoid"),
          Map.entry("tanh", "Tanh"),
          Map.entry("softPlus", "Softplus"),
          Map.entry("softSign", "Softsign"),
          Map.entry("selu", "Selu"),
          Map.entry("neg", "Neg"),
          Map.entry("abs", "Abs"),
          Map.entry("exp", "Exp"),
          Map.entry("log", "Log"),
          Map.entry("sqrt", "Sqrt"));
  private static final Map<String, String> BINARY =
      Map.of(
          "add", "Add",
          "sub", "Sub",
          "mul", "Mul",
          "div", "Div",
          "pow", "Pow",
          "maximum", "Max",
          "minimum", "Min",
          "matMul", "MatMul");
  private static final Set<String> OTHERS =
      Set.of(
          "leakyRelu",
          "elu",
          "gelu",
          "square",
          "softmax",
          "logSoftmax",
          "clip",
          "toType",
          "concat",
          "maxPool",
          "avgPool",
          "globalMaxPool",
          "globalAvgPool",
          "reshape",
          "flatten",
          "expandDims",
          "squeeze",
          "transpose",
          "mean",
          "sum",
          "interpolation",
          "convolution",
          "linear",
          "batchNorm",
          "dropout");
  private static final int NEAREST = 0;

  private final TracedArray self;
  private final Recording recording;
  private final Object[] arguments;
  private final NDArray result;

  private Operators(TracedArray self, Object[] arguments, NDArray result) {
    this.self = self;
    this.recording = self.recording();
    this.arguments = arguments;
    this.result = result;
  }

  /** Whether the method is one of those below; its other forms call these. */
  static boolean knows(Method method) {
    String name = method.getName();
    return (UNARY.containsKey(name) && method.getParameterCount() == 0)
        || BINARY.containsKey(name)
        || (OTHERS.contains(name) && !method.isDefault());
  }

  /**
   * Writes down one call.
   *
   * @param result what it gave for the real arrays
   */
  static Made record(Method method, TracedArray self, Object[] arguments, NDArray result) {
    return new Operators(self, arguments, result).record(method.getName());
  }

  private Made record(String name) {
    String operator = UNARY.get(name);
    if (operator != null) {
      return unary(operator);
    }
    operator = BINARY.get(name);
    if (operator != null) {
      return add(operator, self.value(), recording.operand(arguments[0]));
    }
    return switch (name) {
      case "leakyRelu" -> unary("LeakyRelu", Attributes.real("alpha", (float) arguments[0]));
      case "elu" -> unary("Elu", Attributes.real("alpha", (float) arguments[0]));
      case "gelu" -> gelu();
      case "square" -> add("Mul", self.value(), self.value());
      case "softmax" -> unary("Softmax", Attributes.integer("axis", (int) arguments[0]));
      case "logSoftmax" -> unary("LogSoftmax", Attributes.integer("axis", (int) arguments[0]));
      case "clip" ->
          add(
              "Clip",
              self.value(),
              Recording.number((Number) arguments[0]),
              Recording.number((Number) arguments[1]));
      case "toType" -> same((DataType) arguments[0]);
      case "concat" -> concat();
      case "maxPool" -> pool("MaxPool");
      case "avgPool" ->
          pool("AveragePool", Attributes.integer("count_include_pad", countsPadding()));
      case "globalMaxPool" -> flatPool("GlobalMaxPool");
      case "globalAvgPool" -> flatPool("GlobalAveragePool");
      case "reshape" ->
          add("Reshape", self.value(), new Operand.Sizes(((Shape) arguments[0]).getShape()));
      case "flatten" ->
          add("Reshape", self.value(), new Operand.Sizes(result.getShape().getShape()));
      case "expandDims" ->
          add("Unsqueeze", self.value(), Recording.longs("axes", (int) arguments[0]));
      case "squeeze" -> add("Squeeze", self.value(), axes((int[]) arguments[0]));
      case "transpose" -> transpose();
      case "mean" -> mean();
      case "sum" -> sum();
      case "interpolation" -> nearest();
      case "convolution" -> convolution();
      case "linear" -> linear();
      case "batchNorm" -> batchNorm();
      case "dropout" -> dropout();
      default -> throw new IllegalStateException(name + ": known without a rule");
    };
  }

  private Made add(String operator, Operand... operands) {
    return recording.add(operator, List.of(operands));
  }

  private Made unary(String operator, AttributeProto... settings) {
    return recording.add(operator, List.of(self.value()), settings);
  }

  private int rank() {
    return self.shadow().getShape().dimension();
  }

  /** x (1 + erf(x / sqrt 2)) / 2; the operator of that name is of version 20. */
  private Made gelu() {
    Made scaled = add("Mul", self.value(), Recording.number(Math.sqrt(0.5)));
    Made raised = add("Add", add("Erf", scaled), Recording.number(1));
    return add("Mul", add("Mul", self.value(), raised), Recording.number(0.5));
  }

  private Made same(DataType type) {
    if (type != self.shadow().getDataType()) {
      throw new UnreadableFunctionException(
          "the function changes the type to " + type + " (expected: float32 throughout)");
    }
    return self.value();
  }

  private Made concat() {
    List<Operand> parts = new ArrayList<>(List.of(self.value()));
    ((NDList) arguments[0]).forEach(array -> parts.add(recording.operand(array)));
    return recording.add("Concat", parts, Attributes.integer("axis", (int) arguments[1]));
  }

  private long flag(int argument) {
    return (boolean) arguments[argument] ? 1 : 0;
  }

  private Made pool(String operator, AttributeProto... more) {
    Shape padding = (Shape) arguments[2];
    List<AttributeProto> settings =
        new ArrayList<>(
            List.of(
                Attributes.integers("kernel_shape", ((Shape) arguments[0]).getShape()),
                Attributes.integers("strides", ((Shape) arguments[1]).getShape()),
                Attributes.integers("pads", padding.addAll(padding).getShape()),
                Attributes.integer("ceil_mode", flag(3))));
    settings.addAll(List.of(more));
    return recording.add(operator, List.of(self.value()), settings.toArray(AttributeProto[]::new));
  }

  /**
   * Whether padding counts in a mean. DJL 0.35 on PyTorch counts it whatever it is told, so a
   * volume of ones is asked instead of the argument.
   */
  private long countsPadding() {
    NDArray mean =
        self.shadow()
            .onesLike()
            .getNDArrayInternal()
            .avgPool(
                (Shape) arguments[0],
                (Shape) arguments[1],
                (Shape) arguments[2],
                (boolean) arguments[3],
                (boolean) arguments[4]);
    return mean.min().getFloat() < 1 - 1e-6f ? 1 : 0;
  }

  /** DJL's global pooling answers with [N, C]. */
  private Made flatPool(String operator) {
    return recording.add("Flatten", List.of(unary(operator)), Attributes.integer("axis", 1));
  }

  private static Operand axes(int... axes) {
    return Recording.longs("axes", Arrays.stream(axes).asLongStream().toArray());
  }

  private Made transpose() {
    long[] order =
        arguments.length == 0
            ? LongStream.range(0, rank()).map(axis -> rank() - 1 - axis).toArray()
            : Arrays.stream((int[]) arguments[0]).asLongStream().toArray();
    return unary("Transpose", Attributes.integers("perm", order));
  }

  private int[] reducedAxes() {
    if (arguments.length < 2) {
      throw new UnreadableFunctionException("the function reduces over all axes, the batch too");
    }
    int[] axes =
        Arrays.stream((int[]) arguments[0]).map(a -> a < 0 ? a + rank() : a).sorted().toArray();
    if (axes.length == 0 || axes[0] == 0) {
      throw new UnreadableFunctionException("the function reduces over the batch");
    }
    return axes;
  }

  /** Over depth, height and width, or over the channels, whose number is fixed. */
  private Made mean() {
    int[] axes = reducedAxes();
    if (rank() > 2 && Arrays.equals(axes, IntStream.range(2, rank()).toArray())) {
      Made pooled = unary("GlobalAveragePool");
      return flag(1) == 1 ? pooled : add("Squeeze", pooled, axes(axes));
    }
    if (Arrays.equals(axes, new int[] {1})) {
      return add("Mul", sum(), Recording.number(1.0 / self.shadow().getShape().get(1)));
    }
    throw new UnreadableFunctionException(
        "a mean over axes " + Arrays.toString(axes) + " (expected: 1, or all from 2 on)");
  }

  private Made sum() {
    return recording.add(
        "ReduceSum",
        List.of(self.value(), axes(reducedAxes())),
        Attributes.integer("keepdims", flag(1)));
  }

  private Made nearest() {
    Shape from = self.shadow().getShape();
    float[] scales = new float[rank()];
    for (int axis = 0; axis < scales.length; axis++) {
      long factor = result.getShape().get(axis) / from.get(axis);
      if ((int) arguments[1] != NEAREST || factor * from.get(axis) != result.getShape().get(axis)) {
        throw new UnreadableFunctionException(
            "an interpolation (expected: nearest, by whole factors)");
      }
      scales[axis] = factor;
    }
    return recording.add(
        "Resize",
        List.of(
            self.value(),
            new Operand.Absent(),
            new Operand.Constant("scales", Tensor.floats(scales, scales.length))),
        Attributes.text("mode", "nearest"),
        Attributes.text("coordinate_transformation_mode", "asymmetric"),
        Attributes.text("nearest_mode", "floor"));
  }

  private List<Operand> operands(@Nullable Object... arrays) {
    List<Operand> all = new ArrayList<>();
    for (Object array : arrays) {
      if (array != null) {
        all.add(recording.operand(array));
      }
    }
    return all;
  }

  private Made convolution() {
    Shape padding = (Shape) arguments[4];
    return recording.add(
        "Conv",
        operands(arguments[0], arguments[1], arguments[2]),
        Attributes.integers(
            "kernel_shape", ((NDArray) arguments[1]).getShape().slice(2).getShape()),
        Attributes.integers("strides", ((Shape) arguments[3]).getShape()),
        Attributes.integers("pads", padding.addAll(padding).getShape()),
        Attributes.integers("dilations", ((Shape) arguments[5]).getShape()),
        Attributes.integer("group", (int) arguments[6]));
  }

  private Made linear() {
    if (((NDArray) arguments[0]).getShape().dimension() != 2) {
      throw new UnreadableFunctionException("a linear layer on other than [N, features]");
    }
    return recording.add(
        "Gemm",
        operands(arguments[0], arguments[1], arguments[2]),
        Attributes.integer("transB", 1));
  }

  private Made batchNorm() {
    int axis = (int) arguments[5];
    if (axis != 1 && axis != -1) {
      throw new UnreadableFunctionException(
          "a normalisation along axis " + axis + " (expected: 1, the channels)");
    }
    return recording.add(
        "BatchNormalization",
        operands(arguments[0], arguments[3], arguments[4], arguments[1], arguments[2]),
        Attributes.real("epsilon", (float) arguments[7]));
  }

  private Made dropout() {
    if (flag(2) == 1) {
      throw new UnreadableFunctionException("a dropout that is on in inference as well");
    }
    return self.value();
  }
}
