package io.radnet.exporter.inspect;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * @param dynamicShape whether depth, height and width are free between the profile's ends
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
    boolean dynamicShape,
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

  // Those that every TensorRT 10 reads; 10.15 goes up to 24.
  private static final int OLDEST_OPSET = 9;
  private static final int NEWEST_OPSET = 20;

  /**
   * Looks at a graph.
   *
   * @param sizes of named axes, such as depth
   * @param profile shapes by min, opt and max
   * @param dynamicShape whether depth, height and width are free
   */
  public static TensorRtReadiness of(
      GraphProto graph,
      int opset,
      Map<String, Long> sizes,
      Map<String, String> profile,
      boolean dynamicShape) {
    Map<String, ArrayType> types = ShapeInference.infer(graph, sizes);
    Map<String, TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    Set<String> outputs = new HashSet<>();
    graph.getOutputList().forEach(output -> outputs.add(output.getName()));
    TensorRtOperators table = new TensorRtOperators(types, constants, outputs);
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
      table
          .reason(node)
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
        dynamicShape,
        profile,
        List.of(
            "A shape outside the profile makes TensorRT build its engine again, which takes tens of"
                + " seconds: "
                + (dynamicShape
                    ? "keep to the sizes from min to max, or export again for others. The engine is"
                        + " tuned for opt and its memory is that of max; a fixed shape is faster."
                    : "keep depth, height and width fixed and warm up before serving."),
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
}
