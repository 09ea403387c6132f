package io.radnet.exporter.optimise;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.inspect.ArrayType;
import io.radnet.exporter.inspect.ShapeInference;
import io.radnet.proto.onnx.AttributeProto;
import io.radnet.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes an upsampling of volumes as an upsampling of planes. ONNX Runtime's Resize looks up each
 * voxel by a generic rule where there are five axes, and has a quick path for [N, C, H, W]: so the
 * planes are taken as channels, doubled in height and width, and each is then repeated along the
 * depth by joining it with itself. Reshapes copy nothing. Needs fixed sizes.
 */
public final class PlaneUpsampling implements UnaryOperator<Graph> {
  @Override
  public Graph apply(Graph source) {
    Graph graph = source.copy();
    Map<String, ArrayType> types = ShapeInference.infer(graph.outline(), Map.of());
    List<NodeProto> rewritten = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      ArrayType type = types.get(node.getInputCount() == 0 ? "" : node.getInput(0));
      Upsampling upsampling = Upsampling.of(node, graph).orElse(null);
      if (upsampling == null || type == null) {
        rewritten.add(node);
      } else {
        new Planes(graph, rewritten, upsampling, type.shape()).write();
      }
    }
    graph.nodes().clear();
    graph.nodes().addAll(rewritten);
    graph.dropUnusedConstants();
    return graph;
  }

  /** One upsampling. A batch of 0 in a shape stands for the input's. */
  private record Planes(Graph graph, List<NodeProto> nodes, Upsampling upsampling, long[] shape) {
    void write() {
      long planes = shape[1] * shape[2];
      long height = shape[3] * upsampling.factor(1);
      long width = shape[4] * upsampling.factor(2);
      String value = reshape("planes", upsampling.input(), 0, planes, shape[3], shape[4]);
      if (upsampling.factor(1) * upsampling.factor(2) > 1) {
        float[] scales = {1, 1, upsampling.factor(1), upsampling.factor(2)};
        String constant =
            graph.addConstant(name() + "/plane_scales", Tensor.floats(scales, scales.length));
        value =
            add(
                "Resize",
                "resized",
                List.of(value, "", constant),
                Attributes.text("mode", "nearest"),
                Attributes.text("coordinate_transformation_mode", "asymmetric"),
                Attributes.text("nearest_mode", "floor"));
      }
      if (upsampling.factor(0) > 1) {
        value = reshape("rows", value, 0, planes, height * width);
        value =
            add(
                "Concat",
                "repeated",
                Collections.nCopies(upsampling.factor(0), value),
                Attributes.integer("axis", 2));
      }
      long depth = shape[2] * upsampling.factor(0);
      String last = reshape("volume", value, 0, shape[1], depth, height, width);
      NodeProto back = nodes.remove(nodes.size() - 1);
      nodes.add(
          back.toBuilder().setName(name()).clearOutput().addOutput(upsampling.output()).build());
      if (!back.getOutput(0).equals(last)) {
        throw new IllegalStateException("the reshape back is the last node");
      }
    }

    private String name() {
      return upsampling.node().getName();
    }

    private String reshape(String step, String input, long... sizes) {
      String constant =
          graph.addConstant(name() + "/" + step + "_shape", Tensor.longs(sizes, sizes.length));
      return add("Reshape", step, List.of(input, constant));
    }

    private String add(
        String operator, String step, List<String> inputs, AttributeProto... attributes) {
      String output = name() + "/" + step;
      nodes.add(Graph.node(operator, output, inputs, attributes));
      return output;
    }
  }
}
