package io.radnet.exporter.convert;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** A 3D convolution: Conv with the same padding on both sides of each axis. */
final class Conv3dConverter implements BlockConverter<Conv3d> {
  @Override
  public Class<Conv3d> kind() {
    return Conv3d.class;
  }

  @Override
  public List<Value> convert(Conv3d block, List<Value> inputs, Conversion conversion) {
    List<Value> arguments = new ArrayList<>(inputs);
    arguments.add(conversion.weight(block.getDirectParameters().get("weight")));
    if (block.isIncludeBias()) {
      arguments.add(conversion.weight(block.getDirectParameters().get("bias")));
    }
    Shape padding = block.getPadding();
    return List.of(
        conversion.add(
            "Conv",
            arguments,
            Attributes.integers("kernel_shape", block.getKernelShape().getShape()),
            Attributes.integers("strides", block.getStride().getShape()),
            Attributes.integers("dilations", block.getDilation().getShape()),
            Attributes.integers("pads", padding.addAll(padding).getShape()),
            Attributes.integer("group", block.getGroups())));
  }
}
