package io.radnet.exporter.optimise;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.Tensor;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.TensorProto.DataType;
import java.util.Optional;

/**
 * A Resize of [N, C, D, H, W] that repeats each voxel a whole number of times along each axis.
 *
 * @param node the Resize
 * @param factors repeats along depth, height, width
 */
record Upsampling(NodeProto node, int[] factors) {
  private static final int AXES = 5;

  /** The node as an upsampling, where it is one. */
  static Optional<Upsampling> of(NodeProto node, Graph graph) {
    if (!node.getOpType().equals("Resize")
        || node.getInputCount() != 3
        || !isWord(node, "mode", "nearest")
        || !isWord(node, "coordinate_transformation_mode", "asymmetric")
        || !isWord(node, "nearest_mode", "floor")) {
      return Optional.empty();
    }
    Tensor scales = graph.constants().get(node.getInput(2));
    if (scales == null || scales.type() != DataType.FLOAT || scales.elements() != AXES) {
      return Optional.empty();
    }
    float[] values = scales.toFloats();
    int[] factors = new int[AXES - 2];
    for (int axis = 0; axis < AXES; axis++) {
      int factor = Math.round(values[axis]);
      if (factor != values[axis] || factor < 1 || (axis < 2 && factor != 1)) {
        return Optional.empty();
      }
      if (axis >= 2) {
        factors[axis - 2] = factor;
      }
    }
    return Optional.of(new Upsampling(node, factors));
  }

  private static boolean isWord(NodeProto node, String attribute, String word) {
    return Attributes.of(node, attribute).map(a -> a.getS().toStringUtf8()).orElse("").equals(word);
  }

  String input() {
    return node.getInput(0);
  }

  String output() {
    return node.getOutput(0);
  }

  int factor(int axis) {
    return factors[axis];
  }
}
