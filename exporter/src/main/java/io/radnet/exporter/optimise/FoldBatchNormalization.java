package io.radnet.exporter.optimise;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.inspect.ArrayType;
import io.radnet.exporter.inspect.ShapeInference;
import io.radnet.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Folds a normalisation into the convolution before it, where nothing else reads the convolution:
 * {@code scale (W x + b) + shift = (scale W) x + (scale b + shift)}. A normalisation that stands
 * elsewhere becomes a multiplication and an addition per channel, or stays where it is not known
 * how many axes it works on.
 */
public final class FoldBatchNormalization implements UnaryOperator<Graph> {
  @Override
  public Graph apply(Graph source) {
    Graph graph = source.copy();
    Map<String, Integer> uses = graph.uses();
    Map<String, NodeProto> producers = graph.producers();
    Map<String, ArrayType> types = ShapeInference.infer(graph.outline(), Map.of());
    List<NodeProto> rewritten = new ArrayList<>();
    for (NodeProto node : graph.nodes()) {
      if (!node.getOpType().equals("BatchNormalization")) {
        rewritten.add(node);
        continue;
      }
      PerChannel normalisation = PerChannel.of(node, graph);
      String input = node.getInput(0);
      NodeProto before = producers.get(input);
      if (before != null
          && before.getOpType().equals("Conv")
          && uses.getOrDefault(input, 0) == 1
          && graph.constants().containsKey(before.getInput(1))) {
        rewritten.replaceAll(
            earlier -> earlier == before ? fold(graph, before, normalisation, node) : earlier);
      } else {
        ArrayType type = types.get(input);
        rewritten.addAll(
            type == null
                ? List.of(node)
                : scaleAndShift(graph, node, normalisation, type.shape().length));
      }
    }
    graph.nodes().clear();
    graph.nodes().addAll(rewritten);
    graph.dropUnusedConstants();
    return graph;
  }

  private static NodeProto fold(
      Graph graph, NodeProto convolution, PerChannel normalisation, NodeProto normalisationNode) {
    Tensor weight = graph.constant(convolution.getInput(1));
    float[] weights = weight.toFloats();
    double[] scale = normalisation.scale();
    float[] bias = new float[scale.length];
    int perFilter = weights.length / scale.length;
    for (int filter = 0; filter < scale.length; filter++) {
      for (int i = filter * perFilter; i < (filter + 1) * perFilter; i++) {
        weights[i] = (float) (weights[i] * scale[filter]);
      }
    }
    float[] before =
        convolution.getInputCount() > 2
            ? graph.constant(convolution.getInput(2)).toFloats()
            : new float[scale.length];
    for (int filter = 0; filter < scale.length; filter++) {
      bias[filter] = (float) (before[filter] * scale[filter] + normalisation.shift()[filter]);
    }
    String name = convolution.getName();
    return convolution.toBuilder()
        .clearInput()
        .addInput(convolution.getInput(0))
        .addInput(
            graph.addConstant(name + "/folded_weight", Tensor.floats(weights, weight.shape())))
        .addInput(graph.addConstant(name + "/folded_bias", Tensor.floats(bias, bias.length)))
        .clearOutput()
        .addOutput(normalisationNode.getOutput(0))
        .build();
  }

  private static List<NodeProto> scaleAndShift(
      Graph graph, NodeProto node, PerChannel normalisation, int rank) {
    String name = node.getName();
    // Constants are aligned to the last axis; the channels are the second one.
    long[] shape = new long[rank - 1];
    Arrays.fill(shape, 1);
    shape[0] = normalisation.scale().length;
    String scaled = name + "/scaled";
    return List.of(
        NodeProto.newBuilder()
            .setName(scaled)
            .setOpType("Mul")
            .addInput(node.getInput(0))
            .addInput(
                graph.addConstant(
                    name + "/scale",
                    Tensor.floats(PerChannel.narrow(normalisation.scale()), shape)))
            .addOutput(scaled)
            .build(),
        NodeProto.newBuilder()
            .setName(name)
            .setOpType("Add")
            .addInput(scaled)
            .addInput(
                graph.addConstant(
                    name + "/shift",
                    Tensor.floats(PerChannel.narrow(normalisation.shift()), shape)))
            .addOutput(node.getOutput(0))
            .build());
  }

  /** {@code y = scale x + shift} for each channel, in double precision. */
  private record PerChannel(double[] scale, double[] shift) {
    static PerChannel of(NodeProto node, Graph graph) {
      float[] gamma = constant(graph, node, 1);
      float[] beta = constant(graph, node, 2);
      float[] mean = constant(graph, node, 3);
      float[] variance = constant(graph, node, 4);
      double epsilon = Attributes.of(node, "epsilon").map(a -> (double) a.getF()).orElse(1e-5);
      double[] scale = new double[gamma.length];
      double[] shift = new double[gamma.length];
      for (int channel = 0; channel < gamma.length; channel++) {
        scale[channel] = gamma[channel] / Math.sqrt(variance[channel] + epsilon);
        shift[channel] = beta[channel] - mean[channel] * scale[channel];
      }
      return new PerChannel(scale, shift);
    }

    private static float[] constant(Graph graph, NodeProto node, int index) {
      return graph.constant(node.getInput(index)).toFloats();
    }

    static float[] narrow(double[] values) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        narrow[i] = (float) values[i];
      }
      return narrow;
    }
  }
}
