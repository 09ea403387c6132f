package io.radnet.benchmarks.backbone;

import ai.djl.ndarray.NDManager;
import io.radnet.exporter.convert.Converters;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.optimise.Optimisations;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.TrainedModel;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A whole network with random weights.
 *
 * @param preset its size
 * @param task labels or segmentation
 */
record RandomNetwork(Preset preset, Recipe.Task task) {
  /** The name of the exported model's input. */
  static final String INPUT = "volume";

  /** Reads {@code preset-task}, such as {@code paper-labels}. */
  static RandomNetwork parse(String text) {
    String[] words = text.toUpperCase(Locale.ROOT).split("-", -1);
    return new RandomNetwork(Preset.valueOf(words[0]), Recipe.Task.valueOf(words[1]));
  }

  /** The input's shape, [N, 1, D, H, W]. */
  long[] shape(int batch) {
    List<Integer> grid = preset.grid();
    return new long[] {batch, 1, grid.get(0), grid.get(1), grid.get(2)};
  }

  /** Random values in [0, 1) of that shape, in a direct buffer of native order. */
  static ByteBuffer values(long[] shape) {
    long count = 1;
    for (long side : shape) {
      count *= side;
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(count * Float.BYTES))
            .order(ByteOrder.nativeOrder());
    SplittableRandom random = new SplittableRandom(1);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) random.nextDouble());
    }
    return bytes.flip();
  }

  /** The network in DJL on PyTorch; its arrays belong to {@code manager}. */
  TrainedModel load(NDManager manager) throws IOException {
    return Checkpoint.initial(preset, task, 1).load(manager);
  }

  /** Writes the network as ONNX, with the exporter's rewrites or node for node. */
  void write(Path file, boolean rewritten) throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Graph graph = graph(load(manager));
      OnnxFile.write(
          file, rewritten ? Optimisations.apply(graph, false) : graph, "backbone", 17, Map.of());
    }
  }

  private Graph graph(TrainedModel model) {
    GraphBuilder builder = new GraphBuilder();
    var batch = GraphBuilder.dimension("batch");
    List<Integer> grid = preset.grid();
    Value input =
        builder.input(
            INPUT,
            DataType.FLOAT,
            List.of(
                batch,
                GraphBuilder.dimension(1),
                GraphBuilder.dimension(grid.get(0)),
                GraphBuilder.dimension(grid.get(1)),
                GraphBuilder.dimension(grid.get(2))));
    int number = 0;
    for (Value output : Converters.standard().convert(model.network(), List.of(input), builder)) {
      var shape = new ArrayList<>(List.of(batch));
      int axes = task == Recipe.Task.LABELS ? 2 : 5;
      for (int axis = 1; axis < axes; axis++) {
        shape.add(GraphBuilder.dimension("axis" + number + axis));
      }
      builder.output("output" + number, output, DataType.FLOAT, shape);
      number++;
    }
    return builder.build();
  }
}
