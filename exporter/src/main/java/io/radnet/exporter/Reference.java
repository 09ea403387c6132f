package io.radnet.exporter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.radnet.exporter.parity.Timing;
import io.radnet.trainer.checkpoint.TrainedModel;
import java.util.ArrayList;
import java.util.List;

/**
 * What the network answers in DJL.
 *
 * @param answers for each sample, each output in order, row-major
 * @param timing of one inference
 */
record Reference(List<List<float[]>> answers, Timing timing) {
  static Reference of(TrainedModel model, NDManager manager, List<Sample> samples, int timedRuns) {
    List<List<float[]>> answers = new ArrayList<>();
    List<Double> milliseconds = new ArrayList<>();
    for (Sample sample : samples) {
      long start = System.nanoTime();
      try (NDManager scope = manager.newSubManager()) {
        List<float[]> outputs = new ArrayList<>();
        for (NDArray output : model.predict(input(scope, sample))) {
          outputs.add(output.toFloatArray());
        }
        answers.add(outputs);
      }
      milliseconds.add((System.nanoTime() - start) / 1e6);
    }
    Timing timing =
        Timing.isLong(milliseconds)
            ? Timing.of(milliseconds)
            : Timing.measure(timedRuns, () -> runOnly(model, manager, samples.get(0)));
    return new Reference(answers, timing);
  }

  private static void runOnly(TrainedModel model, NDManager manager, Sample sample) {
    try (NDManager scope = manager.newSubManager()) {
      NDList outputs = model.predict(input(scope, sample));
      // Reading one value makes sure that the work is done.
      if (Float.isNaN(outputs.get(outputs.size() - 1).flatten().getFloat(0))) {
        throw new IllegalStateException("the network answers with values that are no numbers");
      }
    }
  }

  private static NDArray input(NDManager scope, Sample sample) {
    List<Integer> grid = sample.grid();
    return scope.create(sample.values(), new Shape(1, 1, grid.get(0), grid.get(1), grid.get(2)));
  }
}
