package io.radnet.exporter.optimise;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.inspect.ArrayType;
import io.radnet.exporter.inspect.ShapeInference;
import io.radnet.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of upsampled values, computed on the values before. Where each voxel was repeated,
 * neighbouring weights meet equal values and can be added up beforehand: an upsampling by (1, 2, 2)
 * and a kernel of 3x3x3 become four kernels of 3x2x2 on the coarse grid, one for each position
 * within the repeated voxels (the sub-pixel convolution of Shi et al. 2016 read backwards), which
 * is 2.25 times less arithmetic. What follows voxel by voxel (ReLU, 1x1x1 convolutions that do not
 * add channels) is done before the results are put together. Needs fixed sizes.
 */
public final class UpsampledConvolution implements UnaryOperator<Graph> {
  private static final int AXES = 3;

  @Override
  public Graph apply(Graph source) {
    Graph graph = source.copy();
    for (NodeProto node : List.copyOf(graph.nodes())) {
      Upsampling upsampling = Upsampling.of(node, graph).orElse(null);
      if (upsampling != null) {
        rewrite(graph, upsampling);
      }
    }
    graph.dropUnreachableNodes();
    return graph;
  }

  private static void rewrite(Graph graph, Upsampling upsampling) {
    List<NodeProto> chain = chain(graph, upsampling);
    ArrayType coarse = ShapeInference.infer(graph.outline(), Map.of()).get(upsampling.input());
    if (chain.isEmpty() || coarse == null) {
      return;
    }
    List<NodeProto> added = new ArrayList<>();
    List<String> phases = new ArrayList<>();
    int[] factors = upsampling.factors();
    for (int d = 0; d < factors[0]; d++) {
      for (int h = 0; h < factors[1]; h++) {
        for (int w = 0; w < factors[2]; w++) {
          phases.add(phase(graph, upsampling, chain, new int[] {d, h, w}, added));
        }
      }
    }
    NodeProto last = chain.get(chain.size() - 1);
    interleave(graph, phases, factors, channels(graph, chain), coarse.shape(), last, added);
    Set<NodeProto> replaced = new HashSet<>(chain);
    int at = graph.nodes().indexOf(last);
    graph.nodes().addAll(at, added);
    graph.nodes().removeIf(replaced::contains);
  }

  /** The convolution and what follows voxel by voxel; empty where there is nothing to gain. */
  private static List<NodeProto> chain(Graph graph, Upsampling upsampling) {
    List<NodeProto> chain = new ArrayList<>();
    Map<String, Integer> uses = graph.uses();
    String value = upsampling.output();
    NodeProto next = reader(graph, value);
    while (next != null
        && uses.getOrDefault(value, 0) == 1
        && (chain.isEmpty() ? isSamePadded(next, graph) : isPointwise(next, graph))) {
      chain.add(next);
      value = next.getOutput(0);
      next = reader(graph, value);
    }
    return chain;
  }

  private static @Nullable NodeProto reader(Graph graph, String value) {
    return graph.nodes().stream()
        .filter(node -> node.getInputCount() > 0 && node.getInput(0).equals(value))
        .findFirst()
        .orElse(null);
  }

  private static boolean isPointwise(NodeProto node, Graph graph) {
    if (node.getOpType().equals("Relu")) {
      return true;
    }
    long[] shape = weightShape(node, graph);
    return shape.length == AXES + 2
        && shape[2] * shape[3] * shape[4] == 1
        && shape[0] <= shape[1]
        && isSamePadded(node, graph);
  }

  /**
   * Whether the output has the input's sizes: odd kernel, stride 1, as much padding as it needs.
   */
  private static boolean isSamePadded(NodeProto node, Graph graph) {
    long[] shape = weightShape(node, graph);
    if (shape.length != AXES + 2 || Attributes.integer(node, "group", 1) != 1) {
      return false;
    }
    long[] pads = Attributes.integers(node, "pads", new long[2 * AXES]);
    for (int axis = 0; axis < AXES; axis++) {
      long kernel = shape[2 + axis];
      if (kernel % 2 == 0
          || pads[axis] != kernel / 2
          || pads[AXES + axis] != kernel / 2
          || Attributes.integers(node, "strides", new long[] {1, 1, 1})[axis] != 1
          || Attributes.integers(node, "dilations", new long[] {1, 1, 1})[axis] != 1) {
        return false;
      }
    }
    return true;
  }

  private static long[] weightShape(NodeProto node, Graph graph) {
    Tensor weight =
        node.getOpType().equals("Conv") ? graph.constants().get(node.getInput(1)) : null;
    return weight == null ? new long[0] : weight.shape();
  }

  private static long channels(Graph graph, List<NodeProto> chain) {
    long channels = 0;
    for (NodeProto node : chain) {
      channels = node.getOpType().equals("Conv") ? weightShape(node, graph)[0] : channels;
    }
    return channels;
  }

  private static String phase(
      Graph graph,
      Upsampling upsampling,
      List<NodeProto> chain,
      int[] position,
      List<NodeProto> added) {
    String suffix = "/phase" + position[0] + position[1] + position[2];
    Map<String, String> renamed = new HashMap<>();
    NodeProto first = chain.get(0);
    Tensor weight = graph.constant(first.getInput(1));
    Taps[] taps = new Taps[AXES];
    long[] pads = new long[2 * AXES];
    long[] kernel = new long[AXES];
    for (int axis = 0; axis < AXES; axis++) {
      taps[axis] = Taps.of((int) weight.shape()[2 + axis], upsampling.factor(axis), position[axis]);
      kernel[axis] = taps[axis].length();
      pads[axis] = taps[axis].before();
      pads[AXES + axis] = taps[axis].after();
    }
    renamed.put(upsampling.output(), upsampling.input());
    renamed.put(
        first.getInput(1),
        graph.addConstant(first.getName() + suffix + "/weight", Taps.sum(weight, taps)));
    for (NodeProto node : chain) {
      NodeProto.Builder copy = Graph.withInputs(node, renamed).toBuilder();
      copy.setName(node.getName() + suffix).clearOutput().addOutput(node.getOutput(0) + suffix);
      if (node == first) {
        copy.clearAttribute()
            .addAttribute(Attributes.integers("kernel_shape", kernel))
            .addAttribute(Attributes.integers("pads", pads));
      }
      added.add(copy.build());
      renamed.put(node.getOutput(0), copy.getOutput(0));
    }
    return added.get(added.size() - 1).getOutput(0);
  }

  /** Puts the phases side by side: [N, F, C, D, H, W] to [N, C, D, Fd, H, Fh, W, Fw]. */
  private static void interleave(
      Graph graph,
      List<String> phases,
      int[] factors,
      long channels,
      long[] coarse,
      NodeProto last,
      List<NodeProto> added) {
    String name = last.getName() + "/interleave";
    added.add(Graph.node("Concat", name + "/phases", phases, Attributes.integer("axis", 1)));
    List<Long> apart = new ArrayList<>(List.of(0L));
    List<Long> order = new ArrayList<>(List.of(0L));
    List<Integer> split = new ArrayList<>();
    for (int axis = 0; axis < AXES; axis++) {
      if (factors[axis] > 1) {
        split.add(axis);
        apart.add((long) factors[axis]);
      }
    }
    long channelAxis = apart.size();
    apart.add(channels);
    order.add(channelAxis);
    List<Long> together = new ArrayList<>(List.of(0L, channels));
    for (int axis = 0; axis < AXES; axis++) {
      apart.add(coarse[2 + axis]);
      order.add(channelAxis + 1 + axis);
      if (factors[axis] > 1) {
        order.add(1L + split.indexOf(axis));
      }
      together.add(coarse[2 + axis] * factors[axis]);
    }
    added.add(reshape(graph, name + "/apart", name + "/phases", apart));
    added.add(
        Graph.node(
            "Transpose",
            name + "/order",
            List.of(name + "/apart"),
            Attributes.integers("perm", array(order))));
    added.add(
        reshape(graph, name + "/together", name + "/order", together).toBuilder()
            .clearOutput()
            .addOutput(last.getOutput(0))
            .build());
  }

  private static NodeProto reshape(Graph graph, String name, String input, List<Long> sizes) {
    String constant = graph.addConstant(name + "_shape", Tensor.longs(array(sizes), sizes.size()));
    return Graph.node("Reshape", name, List.of(input, constant));
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
