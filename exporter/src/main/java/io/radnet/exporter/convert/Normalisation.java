package io.radnet.exporter.convert;

import io.radnet.exporter.graph.Attributes;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import java.util.List;

/** Batch normalisation in inference, as ONNX's operator of that name; a later pass folds it. */
final class Normalisation {
  private Normalisation() {}

  static Value add(
      Value input,
      Tensor gamma,
      Tensor beta,
      Tensor mean,
      Tensor variance,
      float epsilon,
      Conversion conversion) {
    return conversion.add(
        "BatchNormalization",
        List.of(
            input,
            conversion.constant("gamma", gamma),
            conversion.constant("beta", beta),
            conversion.constant("running_mean", mean),
            conversion.constant("running_variance", variance)),
        Attributes.real("epsilon", epsilon));
  }
}
