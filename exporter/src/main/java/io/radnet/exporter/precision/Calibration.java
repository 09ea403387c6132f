package io.radnet.exporter.precision;

import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The range of each value that will be stored in 8 bits, from its magnitudes over the calibration
 * volumes, so that a few outliers do not cost all others their resolution.
 */
public final class Calibration {
  private static final double PERCENTILE_OF_MAGNITUDES = 99.99;

  /** How a range is chosen. */
  public enum Method {
    /** Nearly all magnitudes keep their value; the largest ones are clipped. */
    PERCENTILE("percentile " + PERCENTILE_OF_MAGNITUDES + " of the magnitudes"),
    /** The least loss of information (Kullback-Leibler divergence). */
    ENTROPY("least Kullback-Leibler divergence");

    private final String description;

    Method(String description) {
      this.description = description;
    }

    float range(Histogram histogram) {
      return this == PERCENTILE
          ? histogram.percentile(PERCENTILE_OF_MAGNITUDES)
          : histogram.entropy();
    }

    /** For people. */
    public String description() {
      return description;
    }

    /** As it is typed, such as {@code entropy}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  // Values that are watched at the same time must be held at the same time.
  private static final int WATCHED_AT_ONCE = 6;

  private Calibration() {}

  /**
   * Runs the graph in single precision.
   *
   * @param folder for temporary files, which are deleted
   * @param method how the ranges are chosen
   * @param inputs the volumes, [D, H, W] each
   * @param shape of one input, batch included
   * @return the range by the value's name
   */
  public static Map<String, Float> ranges(
      Graph graph, int opset, Path folder, Method method, List<FloatBuffer> inputs, long... shape)
      throws IOException {
    List<String> watched = new ArrayList<>(QuantizedGraph.watched(graph));
    String input = graph.inputs().get(0).getName();
    Map<String, Float> ranges = new HashMap<>();
    if (watched.remove(input)) {
      Histogram histogram = new Histogram();
      inputs.forEach(values -> histogram.add(copy(values)));
      ranges.put(input, method.range(histogram));
    }
    for (int start = 0; start < watched.size(); start += WATCHED_AT_ONCE) {
      List<String> group =
          watched.subList(start, Math.min(start + WATCHED_AT_ONCE, watched.size()));
      measure(graph, group, opset, folder, inputs, shape)
          .forEach((name, histogram) -> ranges.put(name, method.range(histogram)));
    }
    return ranges;
  }

  private static Map<String, Histogram> measure(
      Graph graph,
      List<String> group,
      int opset,
      Path folder,
      List<FloatBuffer> inputs,
      long[] shape)
      throws IOException {
    Graph watching = graph.copy();
    watching.outputs().clear();
    for (String name : group) {
      List<Dimension> dims = new ArrayList<>();
      for (int axis = 0; axis < shape.length; axis++) {
        dims.add(GraphBuilder.dimension("axis" + axis));
      }
      watching.outputs().add(GraphBuilder.typed(name, DataType.FLOAT, dims));
    }
    watching.dropUnreachableNodes();
    Path file = Files.createTempFile(folder, "calibration", ".onnx");
    try {
      OnnxFile.write(file, watching, "calibration", opset, Map.of());
      try (OnnxSession session = OnnxSession.open(file)) {
        Map<String, Histogram> histograms = new HashMap<>();
        for (FloatBuffer values : inputs) {
          session.run(
              List.of(new OnnxSession.Input(input(watching), values.duplicate(), shape)),
              Set.copyOf(group),
              (name, answer) ->
                  histograms.computeIfAbsent(name, key -> new Histogram()).add(answer));
        }
        return histograms;
      }
    } finally {
      Files.deleteIfExists(OnnxFile.dataFile(file));
      Files.deleteIfExists(file);
    }
  }

  private static String input(Graph graph) {
    return graph.inputs().get(0).getName();
  }

  private static float[] copy(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.duplicate().get(values);
    return values;
  }
}
