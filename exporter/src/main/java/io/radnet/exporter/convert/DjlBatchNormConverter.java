package io.radnet.exporter.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import io.radnet.exporter.graph.Tensor;
import io.radnet.exporter.graph.Value;
import java.util.Arrays;
import java.util.List;

/**
 * DJL's own batch normalisation over axis 1. It hides its epsilon, so the block is asked: in
 * inference it is a scale and a shift per channel, and two inputs tell both. An input equal to the
 * running mean answers with the shift, and one standard deviation more with the scale.
 */
final class DjlBatchNormConverter implements BlockConverter<BatchNorm> {
  @Override
  public Class<BatchNorm> kind() {
    return BatchNorm.class;
  }

  @Override
  public List<Value> convert(BatchNorm block, List<Value> inputs, Conversion conversion) {
    Parameter mean = block.getDirectParameters().get("runningMean");
    Parameter variance = block.getDirectParameters().get("runningVar");
    try (NDManager manager = mean.getArray().getManager().newSubManager()) {
      NDArray centre = mean.getArray().toType(ai.djl.ndarray.types.DataType.FLOAT32, true);
      NDArray deviation = variance.getArray().add(1e-5f).sqrt();
      centre.attach(manager);
      deviation.attach(manager);
      float[] shift = ask(block, centre, manager);
      float[] moved = ask(block, centre.add(deviation), manager);
      float[] step = deviation.toFloatArray();
      float[] scale = new float[shift.length];
      for (int c = 0; c < scale.length; c++) {
        scale[c] = (float) (((double) moved[c] - shift[c]) / step[c]);
      }
      float[] ones = new float[scale.length];
      Arrays.fill(ones, 1);
      long channels = scale.length;
      return List.of(
          Normalisation.add(
              inputs.get(0),
              Tensor.floats(scale, channels),
              Tensor.floats(shift, channels),
              conversion.values(mean),
              Tensor.floats(ones, channels),
              0f,
              conversion));
    }
  }

  private static float[] ask(BatchNorm block, NDArray perChannel, NDManager manager) {
    NDList input = new NDList(perChannel.reshape(1, perChannel.size()));
    NDList output = block.forward(new ParameterStore(manager, false), input, false);
    output.attach(manager);
    return output.singletonOrThrow().toFloatArray();
  }
}
