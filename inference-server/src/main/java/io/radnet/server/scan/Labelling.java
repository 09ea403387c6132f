package io.radnet.server.scan;

import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Preprocessor;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorType;
import io.radnet.server.model.Work;
import io.radnet.server.telemetry.Stage;
import java.util.List;
import java.util.Map;

/** One run of a labels model on one scan. */
final class Labelling {
  static final String EMBEDDING = "embedding";

  private Labelling() {}

  /** The outputs of the model: the embedding, and the logits of each head. */
  static Map<String, Tensor> run(ScanJob job, ReadyScan scan) {
    ModelInput input =
        job.stages()
            .time(Stage.RESAMPLE, () -> new Preprocessor(job.recipe()).prepare(scan.volume()));
    Tensor tensor =
        Tensor.allocate(
            job.model().inputs().get(0).name(),
            TensorType.FP32,
            List.of(
                1L,
                1L,
                (long) input.geometry().depth(),
                (long) input.geometry().height(),
                (long) input.geometry().width()));
    tensor.data().asFloatBuffer().put(input.values());
    job.prepared();
    Work.Outcome outcome = job.await(job.submit(tensor));
    job.inferred();
    return outcome.outputs();
  }

  /** The input's slice spacing in slice spacings of the scan. */
  static double spacingFactor(ScanJob job, ReadyScan scan) {
    return new Preprocessor(job.recipe()).spacingFactor(scan.volume().geometry());
  }

  static float[] embedding(Map<String, Tensor> outputs, String model) {
    Tensor tensor = outputs.get(EMBEDDING);
    if (tensor == null) {
      throw new RequestException(Reason.INVALID, "model " + model + ": has no output " + EMBEDDING);
    }
    float[] values = new float[Math.toIntExact(Tensor.elements(tensor.shape()))];
    tensor.floats().get(values);
    return values;
  }
}
