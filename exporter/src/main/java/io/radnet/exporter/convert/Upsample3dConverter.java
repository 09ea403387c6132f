package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import io.radnet.trainer.network.Upsample3d;
import java.util.List;

/** Resize, nearest: output voxel i repeats input voxel floor(i / factor). */
final class Upsample3dConverter implements BlockConverter<Upsample3d> {
  @Override
  public Class<Upsample3d> kind() {
    return Upsample3d.class;
  }

  @Override
  public List<Value> convert(Upsample3d block, List<Value> inputs, Conversion conversion) {
    float[] scales = {1, 1, block.factors().get(0), block.factors().get(1), block.factors().get(2)};
    return List.of(
        conversion.add(
            "Resize",
            List.of(
                inputs.get(0),
                new Value(""), // the region of interest, which nearest does not read
                conversion.constant("scales", Tensor.floats(scales, scales.length))),
            Attributes.text("mode", "nearest"),
            Attributes.text("coordinate_transformation_mode", "asymmetric"),
            Attributes.text("nearest_mode", "floor")));
  }
}
